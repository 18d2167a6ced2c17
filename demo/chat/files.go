package chat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// File is a picture that an app put into a channel.
type File struct {
	ID, Title, Alt string
	Data           []byte

	length int // that was told before; the bytes must be as many
}

// Limits of a file. Slack takes a gigabyte and has nothing but its disk to lose.
const (
	maxFile = 8 << 20
	maxAlt  = 1000 // characters
)

func fileAPI() map[string]method {
	return map[string]method{
		"files.getUploadURLExternal": {
			do: (*call).uploadURL, scopes: words("files:write"), perMinute: tier4, required: words("filename length"), optional: words("alt_txt snippet_type"),
		},
		"files.completeUploadExternal": {
			do: (*call).completeUpload, scopes: words("files:write"), perMinute: tier4, json: true,
			required: words("files"), optional: words("channel_id channels initial_comment thread_ts blocks"),
		},
	}
}

// uploadURL gives the address that a file's bytes go to. Until the upload is completed nobody sees it.
func (c *call) uploadURL() object {
	length, err := strconv.Atoi(c.args.Get("length"))
	switch {
	case err != nil || length <= 0:
		return refusal("invalid_arguments", "[ERROR] must be greater than 0 [json-pointer:/length]")
	case length > maxFile:
		return refusal("file_upload_size_restricted")
	case utf8.RuneCountInString(c.args.Get("alt_txt")) > maxAlt:
		return refusal("alt_txt_too_large")
	}
	f := File{ID: "F" + strings.ToUpper(c.newID()), Title: c.args.Get("filename"), Alt: c.args.Get("alt_txt"), length: length}
	c.uploads[f.ID] = f
	return object{"ok": true, "upload_url": c.base + "/upload/" + f.ID, "file_id": f.ID}
}

// upload takes a file's bytes, as a form or as they are, and as many as were told.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFile+1<<10)
	var body io.Reader = r.Body
	if file, _, err := r.FormFile("file"); err == nil {
		body = file
	}
	data, err := io.ReadAll(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.uploads[r.PathValue("id")]
	switch {
	case !ok:
		http.Error(w, "not found", http.StatusNotFound)
	case err != nil || len(data) != f.length:
		http.Error(w, "length mismatch", http.StatusBadRequest)
	default:
		f.Data = data
		s.uploads[f.ID] = f
		fmt.Fprintf(w, "OK - %d", len(data))
	}
}

// A file is shared to a conversation; a person's id is none. Slack wants eight more characters, which
// the ids of tests need not have.
var conversation = regexp.MustCompile(`^[CGDZ][A-Z0-9]+$`)

// completeUpload shows uploaded files in a channel, as a message of the app's.
func (c *call) completeUpload() object {
	var list []struct{ ID, Title string }
	if json.Unmarshal([]byte(c.args.Get("files")), &list) != nil || len(list) == 0 {
		return refusal("invalid_arguments", "[ERROR] must provide a list of files [json-pointer:/files]")
	}
	p := Post{Text: c.args.Get("initial_comment")}
	for _, one := range list {
		f, ok := c.uploads[one.ID]
		if !ok || f.Data == nil {
			return refusal("file_not_found")
		}
		if one.Title != "" {
			f.Title = one.Title
		}
		p.Files = append(p.Files, f)
	}
	if id := c.args.Get("channel_id"); id != "" {
		if !conversation.MatchString(id) {
			return refusal("invalid_arguments", "[ERROR] failed to match pattern: "+conversation.String()+" [json-pointer:/channel_id]")
		}
		ch, refused := c.target(id)
		if refused != nil {
			return refused
		}
		p.Channel = ch.ID
		c.add(p)
	}
	shown := make([]object, len(p.Files))
	for i, f := range p.Files {
		shown[i] = object{"id": f.ID, "title": f.Title}
		delete(c.uploads, f.ID)
	}
	return object{"ok": true, "files": shown}
}

// file serves a picture to whoever looks at the page.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	var data []byte
	for _, p := range s.posts {
		if i := slices.IndexFunc(p.Files, func(f File) bool { return f.ID == r.PathValue("id") }); i >= 0 {
			data = p.Files[i].Data
		}
	}
	s.mu.Unlock()
	if !bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(data)
}
