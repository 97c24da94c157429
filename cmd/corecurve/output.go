package main

import (
	"encoding/json"
	"io"
)

// printJSON prints a document for people to read too.
func printJSON(w io.Writer, document any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(document)
}
