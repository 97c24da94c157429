package schema

// A Predicted is the speedup on a number of cores, as far as it is known, and its bounds.
type Predicted struct {
	Cores         int    `json:"cores"`
	Speedup       Number `json:"speedup"`
	SpeedupReason string `json:"speedup_reason,omitempty"`
	Low           Number `json:"low"`
	LowReason     string `json:"low_reason,omitempty"`
	High          Number `json:"high"`
	HighReason    string `json:"high_reason,omitempty"`
}
