//go:build !race

package bounce

const racing = false
