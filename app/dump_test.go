package app_test

import (
	"testing"

	"go.etcd.io/bbolt"
)

// dump is every record of a store, by its path, read without any code of ours.
func dump(t *testing.T, path string) map[string]string {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	records := map[string]string{}
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error { return collect(records, string(name), b) })
	})
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func collect(records map[string]string, path string, b *bbolt.Bucket) error {
	return b.ForEach(func(k, v []byte) error {
		if v == nil {
			return collect(records, path+"/"+string(k), b.Bucket(k))
		}
		records[path+"/"+string(k)] = string(v)
		return nil
	})
}
