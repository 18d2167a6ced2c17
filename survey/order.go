package survey

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// Order is what decides the order of options for one respondent. It follows from the token that
// only the respondent has, so it is the same on every page and device, and kept nowhere.
type Order uint64

// OrderOf is the order of the respondent with this token.
func OrderOf(token string) Order {
	sum := sha256.Sum256([]byte("viesti order " + token))
	return Order(binary.BigEndian.Uint64(sum[:]))
}

// In is the item with its options, in a matrix its rows, in the respondent's order. Options that
// say "other", "none of these" or "don't know" stay at the end, where people look for them.
func (item Item) In(order Order) Item {
	if !item.Random {
		return item
	}
	if item.Type == Matrix {
		item.Rows = order.mixed(item.ID, item.Rows)
	} else {
		item.Columns = order.mixed(item.ID, item.Columns)
	}
	return item
}

// mixed sorts options by a hash of order and option: each order is as likely as any other.
func (order Order) mixed(question string, options []Option) []Option {
	place := map[string]string{}
	for _, o := range options {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", order, question, o.ID))
		if place[o.ID] = "0" + string(sum[:]); o.last() {
			place[o.ID] = "1" // all alike, so that they keep their own order
		}
	}
	options = slices.Clone(options)
	slices.SortStableFunc(options, func(a, b Option) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return options
}

func (o Option) last() bool { return o.Other || o.Exclusive || o.DontKnow }
