package contacts

import (
	"encoding/hex"
	"io"
)

// letters has no two characters that are mistaken for one another: no 0 and o, no 1, i and l. A
// token of sixteen has 79 bits.
const (
	letters     = "abcdefghjkmnpqrstuvwxyz23456789"
	tokenLength = 16
)

// named is the contact with an id and a token of its own.
func named(c Contact, rand io.Reader) (Contact, error) {
	var id [8]byte
	if _, err := io.ReadFull(rand, id[:]); err != nil {
		return c, err
	}
	token, err := newToken(rand)
	if err != nil {
		return c, err
	}
	c.ID, c.Token = hex.EncodeToString(id[:]), token
	return c, nil
}

func newToken(rand io.Reader) (string, error) {
	token := make([]byte, 0, tokenLength)
	var drawn [tokenLength]byte
	for {
		if _, err := io.ReadFull(rand, drawn[:]); err != nil {
			return "", err
		}
		for _, b := range drawn {
			if int(b) >= 256/len(letters)*len(letters) {
				continue // so that every letter is equally likely
			}
			if token = append(token, letters[int(b)%len(letters)]); len(token) == tokenLength {
				return string(token), nil
			}
		}
	}
}
