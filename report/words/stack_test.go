package words

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
)

func TestUnexplained(t *testing.T) {
	row := func(c cause.Cause, v float64) stack.Row { return stack.Row{Cause: c, Speedup: v} }
	for _, test := range []struct {
		name, want, reached string
		stack               stack.Stack
	}{
		{
			"most has no cause", "84 % of the lost core time is not explained", "1.00× of 2.00× reached; no cause is named with certainty",
			stack.Stack{N: 2, Speedup: 1, Rows: []stack.Row{row(cause.Join, 0.16), row(cause.Unknown, 0.24), row(cause.NotExplained, 0.6)}},
		},
		{
			"half", "", "1.00× of 2.00× reached; no cause is named with certainty",
			stack.Stack{N: 2, Speedup: 1, Rows: []stack.Row{row(cause.Join, 0.5), row(cause.NotExplained, 0.5)}},
		},
		{
			"traced runs lose more", "0.10× is lost; to what is not certain, as traced runs lose 0.40×",
			"1.90× of 2.00× reached; no cause is named with certainty",
			stack.Stack{N: 2, Speedup: 1.9, Rows: []stack.Row{row(cause.Preempted, 0.4), row(cause.NotExplained, -0.3)}},
		},
		{
			"traced runs lose more, timed ones hardly anything", "hardly any is lost, 0.06× of 2.00×",
			"1.94× of 2.00× reached; no cause is named with certainty",
			stack.Stack{N: 2, Speedup: 1.94, Rows: []stack.Row{row(cause.Preempted, 0.26), row(cause.NotExplained, -0.2)}},
		},
		{
			"nothing to run", "", "1.00× of 2.00× reached; for 80 % of the lost core time there was nothing to run",
			stack.Stack{N: 2, Speedup: 1, Rows: []stack.Row{row(cause.Idle, 0.8), row(cause.Join, 0.2)}},
		},
		{
			"beyond the ideal", "", "4.29× reached, more than the ideal of 2.00×",
			stack.Stack{N: 2, Speedup: 4.29},
		},
		{
			"nothing is lost", "", "1.99× of 2.00× reached",
			stack.Stack{N: 2, Speedup: 1.99, Rows: []stack.Row{row(cause.NotExplained, 0.01)}},
		},
	} {
		if got := Plain(Unexplained(&test.stack)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if got := Plain(Reached(&test.stack)); got != test.reached {
			t.Errorf("%s: %q, want %q", test.name, got, test.reached)
		}
	}
}
