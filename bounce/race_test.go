//go:build race

package bounce

// The race detector takes its own memory and time.
const racing = true
