package contacts

import (
	"encoding/hex"
	"io"

	"viesti/internal/code"
)

// tokenLength is that of the token of a personal link: 79 bits.
const tokenLength = 16

// named is the contact with an id and a token of its own.
func named(c Contact, rand io.Reader) (Contact, error) {
	var id [8]byte
	if _, err := io.ReadFull(rand, id[:]); err != nil {
		return c, err
	}
	token, err := code.Draw(rand, tokenLength)
	if err != nil {
		return c, err
	}
	c.ID, c.Token = hex.EncodeToString(id[:]), token
	return c, nil
}
