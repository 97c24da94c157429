package secret

import "regexp"

// The forms below are those that the services document, or that secret scanners have agreed on.

// urlRE finds the password in an URL, and a token that stands alone before the host.
var urlRE = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@'"]*:)([^\s/@'"]+)@`)

// schemeRE finds what follows the name of a scheme of HTTP authentication.
var schemeRE = regexp.MustCompile(`(?i)\b(?:bearer|basic|negotiate|apikey|token)\s+([A-Za-z0-9._~+/=:-]{8,})`)

// privateKeyRE finds the body of a private key.
var privateKeyRE = regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)(?:-----END|$)`)

// keyREs find the keys of services by the words that they begin with.
var keyREs = func() []*regexp.Regexp {
	var out []*regexp.Regexp
	for _, form := range []string{
		`gh[pousr]_[A-Za-z0-9]{20,}`, `github_pat_[A-Za-z0-9_]{20,}`, // GitHub
		`gl(?:pat|dt|rt|cbt|ptt|ft|oas)-[A-Za-z0-9_-]{16,}`,                              // GitLab
		`(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}`,                                            // AWS
		`AIza[A-Za-z0-9_-]{35}`, `ya29\.[A-Za-z0-9_-]{20,}`, `GOCSPX-[A-Za-z0-9_-]{20,}`, // Google
		`xox[abeoprs]-[A-Za-z0-9-]{10,}`, `xapp-[A-Za-z0-9-]{10,}`, // Slack
		`https://hooks\.slack\.com/services/[A-Za-z0-9/]+`, `https://discord(?:app)?\.com/api/webhooks/[A-Za-z0-9/_-]+`,
		`sk-[A-Za-z0-9_-]{20,}`,                                 // OpenAI, Anthropic and others
		`(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}`,           // Stripe
		`eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[\w-]{8,}`, // JSON web tokens
		`npm_[A-Za-z0-9]{30,}`, `pypi-[A-Za-z0-9_-]{30,}`,       // package registries
		`dckr_pat_[A-Za-z0-9_-]{20,}`, `hf_[A-Za-z0-9]{30,}`, // Docker, Hugging Face
		`SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}`,              // SendGrid
		`do[opr]_v1_[0-9a-f]{40,}`, `hv[sbr]\.[A-Za-z0-9_-]{20,}`, // DigitalOcean, Vault
		`glsa_[A-Za-z0-9_]{30,}`, `glc_[A-Za-z0-9+/=]{30,}`, `shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}`, // Grafana, Shopify
		`lin_api_[A-Za-z0-9]{30,}`, `sq0[a-z]{3}-[A-Za-z0-9_-]{20,}`, `dapi[0-9a-f]{32}`, // Linear, Square, Databricks
		`AGE-SECRET-KEY-1[A-Z0-9]{50,}`, `\d{8,10}:AA[A-Za-z0-9_-]{32,34}`, // age, Telegram
	} {
		out = append(out, regexp.MustCompile(`(?:^|[^A-Za-z0-9_])(`+form+`)`))
	}
	return out
}()
