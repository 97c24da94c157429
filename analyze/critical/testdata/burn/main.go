// Burn lets four goroutines compute in C, in calls of as many steps as its first argument says, records that into the
// file named by the second, if there is one, and prints how long it took.
package main

/*
static unsigned long burn(unsigned long n) {
	volatile unsigned long x = n | 1;
	for (unsigned long i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}
*/
import "C"

import (
	"fmt"
	"os"
	rtrace "runtime/trace"
	"strconv"
	"sync"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	steps, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	if len(args) > 1 {
		f, err := os.Create(args[1])
		if err != nil {
			return err
		}
		defer f.Close()
		if err := rtrace.Start(f); err != nil {
			return err
		}
		defer rtrace.Stop()
	}
	start := time.Now()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for done := 0; done < 16_000_000; done += steps {
				C.burn(C.ulong(steps))
			}
		})
	}
	wg.Wait()
	fmt.Print(time.Since(start))
	return nil
}
