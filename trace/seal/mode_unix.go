//go:build unix

package seal

// secured says whether the mode of a file tells who may read it.
const secured = true
