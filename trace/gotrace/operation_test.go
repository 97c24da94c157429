package gotrace

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// operations that a program may tell of: all ops, modes and amounts, at the lowest and highest addresses.
func operations() []Operation {
	var os []Operation
	for op := OpMake; op < numOps; op++ {
		for _, amount := range []int64{0, 1, -1, 511, -511, 512, -512, 1 << 40, -1 << 63} {
			os = append(os, Operation{op, Mode(op % 8), amount, 0xc000123450}, Operation{op, 0, amount, 1<<48 - 4})
		}
	}
	return append(os, Operation{OpSend, InSelect | NonBlocking | OfClosed, 3, 4})
}

// operationTrace is a trace of Go 1.26 of goroutine 1, on P 0 of thread 1000, which does all operations and then logs
// something of the same category that is no operation, twice.
func operationTrace(os []Operation) []byte {
	var texts, events []byte
	number := func(to *[]byte, ns ...uint64) {
		for _, n := range ns {
			*to = binary.AppendUvarint(*to, n)
		}
	}
	text := func(id uint64, s string) uint64 {
		texts = append(texts, wireString)
		number(&texts, id, uint64(len(s)))
		texts = append(texts, s...)
		return id
	}
	category := text(1, OperationCategory)
	log := func(task, message uint64) {
		events = append(events, wireUserLog)
		number(&events, 1, task, category, message, 0)
	}
	events = append(events, wireProcStatus)
	number(&events, 1, 0, wireProcRunning)
	events = append(events, wireGoStatus)
	number(&events, 1, 1, 1000, wireRunning)
	for i, o := range os {
		task, message := o.Pack()
		id := uint64(0)
		if message != "" {
			id = text(uint64(2+i), message)
		}
		log(task, id)
	}
	log(uint64(numOps), 0)
	long, _ := Operation{Op: OpAdd, Amount: 1 << 40}.Pack()
	log(long, text(uint64(2+len(os)), "many"))

	out := []byte("go 1.26 trace\x00\x00\x00")
	batch := func(thread uint64, data ...byte) {
		out = append(out, wireEventBatch)
		number(&out, 1, thread, 100, uint64(len(data)))
		out = append(out, data...)
	}
	sync := []byte{wireSync, wireFrequency}
	number(&sync, 1e9)
	sync = append(sync, wireClockSnapshot)
	number(&sync, 0, 100, 1, 1)
	batch(1000, events...)
	batch(noTask, append([]byte{wireStrings}, texts...)...)
	batch(noTask, sync...)
	return append(out, wireEndOfGeneration)
}

// TestOperations: what a program packs is what its trace tells, by either decoder and however events are handed on.
func TestOperations(t *testing.T) {
	os := operations()
	data := operationTrace(os)
	for name, r := range map[string]*Reader{
		"one": mustOpen(t, data, 1), "several": mustOpen(t, data, 4), "golang.org/x/exp/trace": openReference(t, data),
	} {
		t.Run(name, func(t *testing.T) {
			evs, texts, err := all(t, r)
			if err != nil {
				t.Fatal(err)
			}
			var got []Operation
			var logs []string
			for _, ev := range evs {
				switch ev.Kind {
				case Operated:
					got = append(got, ev.Operation())
					if ev.G != 1 || ev.P != 0 || ev.M != 1000 {
						t.Errorf("G %d, P %d, M %d", ev.G, ev.P, ev.M)
					}
				case Log:
					logs = append(logs, r.Symbols().Text(ev.Name))
				}
			}
			if diff := cmp.Diff(os, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]string{OperationCategory, OperationCategory}, logs); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]string{"", "many"}, texts); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The format is written down once more, because programs that were built yesterday use it.
func ExampleOperation_Pack() {
	task, _ := Operation{Op: OpSend, Mode: InSelect, Amount: 16, Object: 0xc000010000}.Pack()
	fmt.Printf("%#x\n", task)
	task, message := Operation{Op: OpAdd, Amount: 1000, Object: 0xc000010000}.Pack()
	fmt.Printf("%#x %s\n", task, message)
	// Output:
	// 0xc0000100001022
	// 0xc0000100020009 1000
}
