package report

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/browsertest"
)

// Bounds of the page of many workloads.
const (
	mostOfMany   = 5 << 20 // bytes
	sheetsOfMany = 12      // of paper
)

// latest is when a page is loaded, that of many workloads too, which takes a second where nothing else is done.
const latest = time.Minute

// manyPage is report.html of so many workloads, of which each loses more than the one before.
func manyPage(t *testing.T, n int) string {
	t.Helper()
	f := newFake(2)
	for i := range n {
		f.sweep(fmt.Sprintf("package.bench-%03d", i), "threads", "strong", 5, spot{1, 400 * ms, 4 * ms, 396 * ms},
			spot{2, time.Duration(200+2*i) * ms, 4 * ms, 400 * ms})
	}
	f.in.Resamples = 50
	r := Build(study.Analyze(f.in))
	pictures := draw(t, r)
	return written(t, func(w io.Writer) error { return r.WriteHTML(w, pictures) })
}

// TestManyInBrowser opens the page of three hundred workloads: it is small, loads soon, and says nothing to the
// console; its overview sorts, each row leads to its workload, which unfolds, and it prints on few sheets.
func TestManyInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	source := manyPage(t, 300)
	if len(source) > mostOfMany {
		t.Errorf("the page has %d bytes", len(source))
	}
	p := browser.Open(t, source, looks[0])
	loaded := browsertest.Value[float64](p, `performance.getEntriesByType('navigation')[0].loadEventEnd`)
	painted := browsertest.Value[float64](p, `new Promise(r => new PerformanceObserver(l => r(l.getEntries()[0].startTime)).observe({type: 'paint', buffered: true}))`)
	t.Logf("%d bytes, painted after %.0f ms, loaded after %.0f ms", len(source), painted, loaded)
	if late := time.Duration(max(loaded, painted)) * time.Millisecond; late > latest {
		t.Errorf("painted after %.0f ms, loaded after %.0f ms", painted, loaded)
	}
	if n := browsertest.Value[int](p, `document.querySelectorAll('details.workload').length`); n != 300 {
		t.Errorf("%d workloads are folded away", n)
	}
	if n := browsertest.Value[int](p, `document.querySelectorAll('details.workload[open]').length`); n != 2 {
		t.Errorf("%d workloads are open", n)
	}
	rows := func() []string {
		return browsertest.Value[[]string](p, `[...document.querySelectorAll('#overview tbody tr')].map(r => r.cells[0].textContent)`)
	}
	if all := rows(); len(all) != 300 || all[0] < "package.bench-290" {
		t.Errorf("%d rows, the first %q", len(all), all[0])
	}
	browsertest.Value[any](p, `document.querySelector('#overview th button').click()`)
	if all := rows(); all[0] != "package.bench-000" {
		t.Errorf("sorted by name, the first is %q", all[0])
	}
	for _, n := range []int{0, 150, 299} {
		browsertest.Value[any](p, fmt.Sprintf(`[...document.querySelectorAll('#overview tbody a')].find(a => a.textContent === 'package.bench-%03d').click()`, n))
		got := browsertest.Value[string](p, `new Promise(r => requestAnimationFrame(() => {
			const d = document.querySelector(location.hash);
			r(d.open + ' ' + d.querySelector('h3').textContent);
		}))`)
		if !strings.HasPrefix(got, fmt.Sprintf("true package.bench-%03d: ", n)) {
			t.Errorf("the row of workload %d leads to %q", n, got)
		}
	}
	if pdf, sheets := browser.Open(t, source, looks[0]).Print(); sheets == 0 || sheets > sheetsOfMany {
		t.Errorf("printed on %d sheets (%d bytes of PDF)", sheets, len(pdf))
	}
	for _, line := range p.Console() {
		t.Errorf("console: %s", line)
	}
}
