package otlp

import (
	"encoding/binary"
	"encoding/json"
	"net/http"

	"github.com/corecurve/corecurve/trace/internal/protobuf"
)

// answer sends an OTLP answer in the encoding of the request: an empty ExportTraceServiceResponse, or a
// google.rpc.Status that says what was wrong (OTLP specification, OTLP/HTTP response).
func answer(w http.ResponseWriter, req *http.Request, status int, message string) {
	body, media := protoStatus(status, message), "application/x-protobuf"
	if kind(req) == jsonKind {
		body, media = jsonStatus(status, message), "application/json"
	}
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	// A sender that has gone needs no answer, and there is nobody else to report the error to.
	_, _ = w.Write(body)
}

// protoStatus encodes google.rpc.Status{code = 1, message = 2}; success is the empty message, which has no bytes.
func protoStatus(status int, message string) []byte {
	if status == http.StatusOK {
		return nil
	}
	b := []byte{1<<3 | protobuf.Varint}
	b = binary.AppendUvarint(b, uint64(rpcCode(status)))
	b = append(b, 2<<3|protobuf.Bytes)
	b = binary.AppendUvarint(b, uint64(len(message)))
	return append(b, message...)
}

func jsonStatus(status int, message string) []byte {
	if status == http.StatusOK {
		return []byte("{}")
	}
	b, err := json.Marshal(struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}{rpcCode(status), message})
	if err != nil {
		return []byte("{}") // cannot happen with a number and a string
	}
	return b
}

// rpcCode returns the google.rpc.Code that corresponds to an HTTP status.
func rpcCode(status int) int {
	switch status {
	case http.StatusUnauthorized:
		return 16 // UNAUTHENTICATED
	case http.StatusRequestEntityTooLarge:
		return 8 // RESOURCE_EXHAUSTED
	case http.StatusRequestTimeout:
		return 4 // DEADLINE_EXCEEDED
	case http.StatusServiceUnavailable:
		return 14 // UNAVAILABLE
	case http.StatusInternalServerError:
		return 13 // INTERNAL
	}
	return 3 // INVALID_ARGUMENT
}
