// Package known is the proof that predictions are right: programs whose speedup has a limit that arithmetic tells
// (examples/known) are measured and predicted, beside each other.
//
// CORECURVE_KNOWN=7 go test ./cmd/corecurve/internal/known -run Predictions -v -timeout 10m takes some four minutes and
// logs a Markdown table. Each program is built twice, as it is and with sync events. It runs in 7 pairs on one P and on
// two, of which the speedup is the median of the ratios. It is recorded five times on one P and on two, of which the
// shortest counts: whatever others do makes a run longer. What each recording alone tells of the speedup on two cores,
// and of its limit, must be right within the goals, or be withheld or warned of.
//
// CORECURVE_KNOWN=7 go test ./cmd/corecurve/internal/known -run Costs -v -timeout 10m logs what it costs each program
// to be built with sync events, and to be recorded.
//
// CORECURVE_KNOWN=7 go test ./cmd/corecurve/internal/known -run Compiler -v -timeout 10m predicts a real program, Go's
// compiler at packages of Go's library. By hand that is: corecurve build -o compile cmd/compile, then GOMAXPROCS=1 and
// compile with the flags that go build -x prints, -c=4 and -traceprofile FILE, then corecurve predict FILE.
//
// As root its runs go before other programs. What noise can explain of a miss is said and not judged: where recordings
// or measured pairs differ by as much, and up to twice the goal where others use the machine.
package known
