package contacts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"

	"viesti/i18n"
)

func exporting() *fake {
	f := newFake("pomako", "move")
	for _, c := range []Contact{
		{ID: "1", Email: "b@example.org", Name: "=HYPERLINK(1)", Language: i18n.Sv, Networks: []string{"pomako", "move"}},
		{ID: "2", Email: "+a@example.org", Name: "Anna, A", Organisation: `"Org"`, Networks: []string{"move"}, SlackUser: "U0123456"},
		{ID: "3", Email: "out@example.org", Networks: []string{"move"}},
		{ID: "4", Email: "none@example.org"},
	} {
		f.people[AddressKey(c.Email)] = c
	}
	f.standings["out@example.org"] = Standing{OptedOut: true}
	f.standings["b@example.org"] = Standing{Answered: "2026"}
	return f
}

func TestExportContacts(t *testing.T) {
	f := exporting()
	var b bytes.Buffer
	if err := lists(f).ExportContacts(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	const want = `email,name,organisation,language,network,slack_user
'+a@example.org,"Anna, A","""Org""",,move,U0123456
b@example.org,'=HYPERLINK(1),,sv,pomako,
b@example.org,'=HYPERLINK(1),,sv,move,
none@example.org,,,,,
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
	imp, err := lists(f).ImportContacts(context.Background(), Source{Data: b.Bytes()}, ImportOptions{})
	if err != nil || verdict(imp) != "+0 ~0 =2 5:missing_network" {
		t.Errorf("back again: %s, %v", verdict(imp), err)
	}
}

type broken struct{}

var errBroken = errors.New("broken pipe")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestExportToABrokenPipe(t *testing.T) {
	if err := lists(exporting()).ExportContacts(context.Background(), broken{}); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

func TestListContacts(t *testing.T) {
	list, err := lists(exporting()).ListContacts(context.Background(), "2026")
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(list)
	const want = `[{"email":"+a@example.org","name":"Anna, A","organisation":"\"Org\"","language":"","networks":["move"],"status":"active","slack_user":"U0123456"},` +
		`{"email":"b@example.org","name":"=HYPERLINK(1)","organisation":"","language":"sv","networks":["pomako","move"],"status":"answered"},` +
		`{"email":"none@example.org","name":"","organisation":"","language":"","networks":[],"status":"active"},` +
		`{"email":"out@example.org","name":"","organisation":"","language":"","networks":["move"],"status":"opted_out"}]`
	if string(got) != want {
		t.Errorf("got %s", got)
	}
	list, err = lists(newFake()).ListContacts(context.Background(), "")
	if empty, _ := json.Marshal(list); err != nil || string(empty) != "[]" {
		t.Errorf("nobody: %s, %v", empty, err)
	}
}
