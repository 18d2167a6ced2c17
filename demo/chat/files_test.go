package chat

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

const somePNG = "\x89PNG\r\n\x1a\n colours"

// sent puts bytes where an upload is to go, and gives the answer.
func sent(t *testing.T, url, data string) string {
	t.Helper()
	res, err := http.Post(url, "image/png", strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	said, _ := io.ReadAll(res.Body)
	return fmt.Sprint(res.StatusCode, " ", strings.TrimSpace(string(said)))
}

// A picture goes through three calls, each of which refuses what Slack refuses, and is seen on the page.
func TestFiles(t *testing.T) {
	s, web := testServer(t, everybody)
	for want, args := range map[string][]string{
		"invalid_arguments": {"filename", "a.png"}, "invalid_arguments 0": {"filename", "a.png", "length", "0"},
		"file_upload_size_restricted": {"filename", "a.png", "length", "99999999"},
		"alt_txt_too_large":           {"filename", "a.png", "length", "9", "alt_txt", strings.Repeat("ä", 1001)},
	} {
		if got := ask(t, web, "files.getUploadURLExternal", args...); got["error"] != strings.TrimSuffix(want, " 0") {
			t.Errorf("%v: %v", args, got)
		}
	}
	asked := ask(t, web, "files.getUploadURLExternal", "filename", "a.png", "length", fmt.Sprint(len(somePNG)), "alt_txt", "a <curve>")
	id, url := asked["file_id"].(string), asked["upload_url"].(string)
	one := `[{"id":"` + id + `","title":"Curve"}]`
	refused := func(want, channel, files string) {
		t.Helper()
		if got := ask(t, web, "files.completeUploadExternal", "channel_id", channel, "files", files); got["error"] != want {
			t.Errorf("%s to %s: %v", files, channel, got)
		}
	}
	refused("file_not_found", "C1", one) // its bytes are not there
	if got := sent(t, url, "short"); !strings.HasPrefix(got, "400 ") {
		t.Errorf("too few bytes: %s", got)
	}
	if got := sent(t, url, somePNG); got != fmt.Sprintf("200 OK - %d", len(somePNG)) {
		t.Errorf("taken: %s", got)
	}
	refused("file_not_found", "C1", `[{"id":"FNONE"}]`)
	refused("invalid_arguments", "C1", "[]")
	refused("invalid_arguments", "U1", one)
	refused("not_in_channel", "C2", one)
	refused("channel_not_found", "C3", one)
	refused("is_archived", "C4", one)
	if got := ask(t, web, "files.completeUploadExternal", "channel_id", "C1", "files", one); got["ok"] != true {
		t.Fatalf("complete: %v", got)
	}
	refused("file_not_found", "C1", one) // it is done once
	if list := s.Posts("C1"); len(list) != 1 || len(list[0].Files) != 1 || list[0].Files[0].Title != "Curve" {
		t.Fatalf("posts: %+v", list)
	}
	res, err := http.Get(web.URL + "/below/?channel=C1")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, _ := io.ReadAll(res.Body)
	if want := `<figcaption>Curve</figcaption><img src="files/` + id + `" alt="a &lt;curve&gt;">`; !strings.Contains(string(page), want) {
		t.Errorf("%s is not in\n%s", want, page)
	}
	shown, err := http.Get(web.URL + "/below/files/" + id)
	if err != nil {
		t.Fatal(err)
	}
	defer shown.Body.Close()
	if data, _ := io.ReadAll(shown.Body); string(data) != somePNG || shown.Header.Get("Content-Type") != "image/png" {
		t.Errorf("shown is %q as %s", data, shown.Header.Get("Content-Type"))
	}
}

func TestFilesWithoutScope(t *testing.T) {
	_, web := testServer(t, func(o *Options) { o.Scopes = words("chat:write") })
	if got := ask(t, web, "files.getUploadURLExternal", "filename", "a.png", "length", "9"); got["error"] != "missing_scope" || got["needed"] != "files:write" {
		t.Errorf("%v", got)
	}
}
