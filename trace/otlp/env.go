package otlp

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"go.opentelemetry.io/contrib/propagators/envcar"
	"go.opentelemetry.io/otel/propagation"
)

// Names of environment variables (OpenTelemetry specification, environment variables).
const (
	envPrefix         = "OTEL_EXPORTER_OTLP_"
	envEndpoint       = envPrefix + "ENDPOINT"
	envTracesEndpoint = envPrefix + "TRACES_ENDPOINT"
)

// Env returns the variables that make the SDKs of a run's processes send all their spans to r. If ctx holds a span,
// programs that read TRACEPARENT make it the parent of theirs; the SDKs do not read it by themselves, so the run is
// also named in an attribute.
func (r *Receiver) Env(ctx context.Context, runID string) []string {
	env := []string{
		envEndpoint + "=" + r.endpoint(),
		envTracesEndpoint + "=" + r.endpoint() + tracesPath,
		envPrefix + "PROTOCOL=http/protobuf",
		envPrefix + "HEADERS=" + tokenHeader + "=" + url.PathEscape(r.o.Token),
		"OTEL_TRACES_SAMPLER=always_on",
		"OTEL_RESOURCE_ATTRIBUTES=" + runKey + "=" + url.PathEscape(runID),
		// With the defaults, 2048 and 512, a program under load lost more than half of its spans.
		"OTEL_BSP_MAX_QUEUE_SIZE=65536",
		"OTEL_BSP_MAX_EXPORT_BATCH_SIZE=8192",
	}
	propagation.TraceContext{}.Inject(ctx, &envcar.Carrier{SetEnvFunc: func(key, value string) {
		env = append(env, key+"="+value)
	}})
	return env
}

// Environ returns the environment base with the variables ours (those of [Receiver.Env]) added. It removes everything
// else that says where and how to send spans: a variable for a single kind of signal would take precedence over ours,
// and the user's headers, which may be secrets, would be sent to us. If a proxy is set, it exempts the loopback
// address, because not every HTTP client does so by itself.
func Environ(base, ours []string) []string {
	replaced := map[string]bool{"TRACEPARENT": true, "TRACESTATE": true}
	for _, kv := range ours {
		key, _, _ := strings.Cut(kv, "=")
		replaced[key] = true
	}
	proxy, except := false, map[string]string{"NO_PROXY": "", "no_proxy": ""}
	var env []string
	for _, kv := range base {
		key, value, _ := strings.Cut(kv, "=")
		if _, ok := except[key]; ok {
			except[key] = value
			continue
		}
		if strings.HasPrefix(key, envPrefix) || replaced[key] {
			continue
		}
		lower := strings.ToLower(key)
		proxy = proxy || value != "" && (lower == "http_proxy" || lower == "all_proxy")
		env = append(env, kv)
	}
	for _, key := range sortedKeys(except) {
		hosts := except[key]
		if proxy {
			hosts = excepting(hosts, "127.0.0.1")
		}
		if hosts != "" {
			env = append(env, key+"="+hosts)
		}
	}
	return append(env, ours...)
}

func excepting(hosts, host string) string {
	switch {
	case hosts == "":
		return host
	case hosts == "*" || slices.Contains(strings.Split(hosts, ","), host):
		return hosts
	}
	return hosts + "," + host
}
