package canvas

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"
)

// A slot is a thing that wants its middle at a height and takes some room there.
type slot struct {
	want, height vg.Length
}

// Spread returns the middles of things that want theirs at wants and take heights there, moved apart as little as it
// takes for none to overlap another or to reach below low or above high.
func Spread(wants, heights []vg.Length, low, high vg.Length) []vg.Length {
	slots := make([]slot, len(wants))
	for i := range wants {
		slots[i] = slot{wants[i], heights[i]}
	}
	return spread(slots, low, high)
}

// spread returns the middles of slots so that none overlaps another and all lie between low and high, as near to where
// they want to be as that allows: the sum of the squares of the displacements is least. This is isotonic regression,
// solved by pooling adjacent violators (Barlow et al., Statistical Inference under Order Restrictions, 1972):
// neighbours that would overlap form a block that stands where its members want it on average, and blocks that meet
// merge. If they do not fit, they stand closer, evenly, from low to high.
func spread(slots []slot, low, high vg.Length) []vg.Length {
	order := make([]int, len(slots))
	total := vg.Length(0)
	for i, s := range slots {
		order[i] = i
		total += s.height
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(slots[a].want, slots[b].want) })
	squeeze := vg.Length(1)
	if total > high-low && total > 0 {
		squeeze = max(0, high-low) / total
	}
	type block struct {
		sum, height vg.Length // of where its members want the block's low edge; of the block
		n           int
	}
	edge := func(b block) vg.Length {
		return max(low, min(b.sum/vg.Length(b.n), high-b.height))
	}
	var blocks []block
	for _, i := range order {
		h := slots[i].height * squeeze
		b := block{sum: slots[i].want - h/2, height: h, n: 1}
		for len(blocks) > 0 {
			last := blocks[len(blocks)-1]
			if edge(last)+last.height <= edge(b) {
				break
			}
			b.sum = last.sum + b.sum - vg.Length(b.n)*last.height
			b.height += last.height
			b.n += last.n
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	middles := make([]vg.Length, len(slots))
	k := 0
	for _, b := range blocks {
		y := edge(b)
		for range b.n {
			h := slots[order[k]].height * squeeze
			middles[order[k]] = y + h/2
			y += h
			k++
		}
	}
	return middles
}
