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
// CORECURVE_KNOWN=7 go test ./cmd/corecurve/internal/known -run 'Compiler|Generator' -v -timeout 20m predicts real
// programs of Go's distribution, from recordings on one P with sync events. The speedup on two cores must be within 8 %
// of what is measured.
//   - Compiler: Go's compiler at packages of Go's library. By hand that is: corecurve build -o compile cmd/compile,
//     then GOMAXPROCS=1 and compile with the flags that go build -x prints, -c=4 and -traceprofile FILE, then
//     corecurve predict FILE.
//   - Generator: what writes the rules of the compiler's backend, with a goroutine for each architecture. By hand, in
//     $(go env GOROOT)/src/cmd/compile/internal/ssa/_gen: corecurve build -o generate ., then
//     GOMAXPROCS=1 generate -outdir DIR -trace FILE, then corecurve predict FILE. A recording has 240 MB.
//
// A program that asks how large GOMAXPROCS is, for a pool of that size, is none of these: on one P it is another one.
// Those are Go's linker, go list, staticcheck, and the test of go/types that checks Go's library.
//
// As root its runs go before other programs. What noise can explain of a miss is said and not judged: where recordings
// or measured pairs differ by as much, and up to twice the goal where others use the machine.
package known
