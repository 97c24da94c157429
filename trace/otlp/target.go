package otlp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A Target is the collector to which the user's own environment sends spans. It holds the user's headers and keys;
// however it is printed or encoded, only scheme, host and path are shown.
type Target struct {
	url     url.URL
	header  http.Header
	json    bool
	gzip    bool
	timeout time.Duration // of one attempt
	tls     *tls.Config
}

// String returns where the spans go, without user, password or query.
func (t Target) String() string {
	shown := url.URL{Scheme: t.url.Scheme, Host: t.url.Host, Path: t.url.Path}
	return shown.String()
}

// Format keeps every verb from showing what String hides.
func (t Target) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.String())) }

// MarshalText returns what String returns.
func (t Target) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// TargetFrom returns where the user wants spans to go according to an environment, which it reads as the SDKs do
// (OpenTelemetry protocol exporter specification): variables for traces take precedence over those for all signals. It
// returns nil if none is set. Errors name variables but never their values.
func TargetFrom(environ []string) (*Target, error) {
	env := settings{}
	for _, kv := range environ {
		if key, value, ok := strings.Cut(kv, "="); ok && strings.HasPrefix(key, envPrefix) {
			env[strings.TrimPrefix(key, envPrefix)] = strings.TrimSpace(value)
		}
	}
	name, endpoint := env.first("ENDPOINT")
	if endpoint == "" {
		return nil, nil
	}
	t := &Target{header: http.Header{}, timeout: 10 * time.Second}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%s: spans cannot be forwarded: not an http or https URL", name)
	}
	if name == envEndpoint {
		u = u.JoinPath(tracesPath)
	}
	t.url = *u
	for _, set := range []func(settings) error{t.setProtocol, t.setCompression, t.setTimeout, t.setHeaders, t.setTLS} {
		if err := set(env); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// settings are the variables of an environment without their common prefix.
type settings map[string]string

// first returns the variable for traces or, if it is not set, the one for all signals.
func (s settings) first(key string) (name, value string) {
	if v := s["TRACES_"+key]; v != "" {
		return envPrefix + "TRACES_" + key, v
	}
	return envPrefix + key, s[key]
}

func (t *Target) setProtocol(env settings) error {
	name, value := env.first("PROTOCOL")
	switch value {
	case "", "http/protobuf":
	case "http/json":
		t.json = true
	default:
		return fmt.Errorf("%s: spans cannot be forwarded: only http/protobuf and http/json are supported", name)
	}
	return nil
}

func (t *Target) setCompression(env settings) error {
	name, value := env.first("COMPRESSION")
	switch value {
	case "", "none":
	case "gzip":
		t.gzip = true
	default:
		return fmt.Errorf("%s: spans cannot be forwarded: neither gzip nor none", name)
	}
	return nil
}

func (t *Target) setTimeout(env settings) error {
	name, value := env.first("TIMEOUT")
	if value == "" {
		return nil
	}
	ms, err := strconv.ParseInt(value, 10, 32)
	if err != nil || ms <= 0 {
		return fmt.Errorf("%s: spans cannot be forwarded: not a number of milliseconds", name)
	}
	t.timeout = time.Duration(ms) * time.Millisecond
	return nil
}

// setHeaders parses "key=value,key2=value2" with percent-encoded values.
func (t *Target) setHeaders(env settings) error {
	name, value := env.first("HEADERS")
	n := 0
	for pair := range strings.SplitSeq(value, ",") {
		if n++; strings.TrimSpace(pair) == "" {
			continue
		}
		key, escaped, ok := strings.Cut(pair, "=")
		v, err := url.PathUnescape(strings.TrimSpace(escaped))
		if key = strings.TrimSpace(key); !ok || err != nil || !headerName(key) || !headerValue(v) {
			return fmt.Errorf("%s: spans cannot be forwarded: entry %d is not key=value", name, n)
		}
		t.header.Set(key, v)
	}
	return nil
}

// headerName reports whether s is a token, as names of headers must be (RFC 9110, section 5.6.2).
func headerName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') &&
			!strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// headerValue reports whether s has no control characters: a line break would begin another header.
func headerValue(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// setTLS loads the files of a private certificate authority and of the user's own certificate.
func (t *Target) setTLS(env settings) error {
	t.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	if name, file := env.first("CERTIFICATE"); file != "" {
		pem, err := os.ReadFile(file)
		t.tls.RootCAs = x509.NewCertPool()
		if err != nil || !t.tls.RootCAs.AppendCertsFromPEM(pem) {
			return fmt.Errorf("%s: spans cannot be forwarded: %w", name, unusable(err))
		}
	}
	name, certificate := env.first("CLIENT_CERTIFICATE")
	_, key := env.first("CLIENT_KEY")
	if certificate == "" && key == "" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return fmt.Errorf("%s: spans cannot be forwarded: %w", name, unusable(err))
	}
	t.tls.Certificates = []tls.Certificate{pair}
	return nil
}

// unusable returns why a certificate file cannot be used, without its path.
func unusable(err error) error {
	if number := syscall.Errno(0); errors.As(err, &number) {
		return fmt.Errorf("certificate file: %w", number)
	}
	return errors.New("certificate file: no certificate with its key in it")
}
