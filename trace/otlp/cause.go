package otlp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"github.com/corecurve/corecurve/trace/internal/protobuf"
)

// cause reduces the error of a request to its kind. The error's text may hold URLs and headers, which may be secrets,
// and port numbers, which would make every error a reason of its own.
func cause(err error) error {
	var (
		number    syscall.Errno
		dns       *net.DNSError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &dns):
		return errors.New("the host was not found")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return errors.New("no answer in time")
	case errors.As(err, &number):
		return number
	case errors.As(err, &authority):
		return errors.New("the certificate is signed by an unknown authority")
	case errors.As(err, &hostname):
		return errors.New("the certificate is for another host")
	case errors.As(err, &verify):
		return errors.New("the certificate is not valid")
	case errors.As(err, &record):
		return errors.New("the collector does not speak TLS")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the connection was closed")
	}
	return errors.New("the request failed")
}

// rejected returns how many spans a collector rejected, according to its answer:
// ExportTraceServiceResponse.partial_success.rejected_spans, each of which is field 1.
func rejected(answer []byte, isJSON bool) int64 {
	var n int64
	if isJSON {
		var a struct {
			PartialSuccess struct {
				RejectedSpans json.Number `json:"rejectedSpans"`
			} `json:"partialSuccess"`
		}
		if json.Unmarshal(answer, &a) != nil {
			return 0
		}
		n, err := a.PartialSuccess.RejectedSpans.Int64()
		if err != nil {
			return 0
		}
		return max(0, n)
	}
	for f, err := range protobuf.Fields(answer) {
		if err != nil {
			return max(0, n)
		}
		if f.Number != 1 || f.Wire != protobuf.Bytes {
			continue
		}
		for g, err := range protobuf.Fields(f.Bytes) {
			if err == nil && g.Number == 1 && g.Wire == protobuf.Varint {
				n = int64(g.Value)
			}
		}
	}
	return max(0, n)
}
