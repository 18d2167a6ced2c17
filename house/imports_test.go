package house

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rights is the table of rooms in ARCHITECTURE.md: for each room, what it may import of ours.
// The word "everything" stands for all rooms.
func rights(t *testing.T) map[string][]string {
	table := map[string][]string{}
	for _, row := range tableRows(section(t, document(t, "ARCHITECTURE.md"), "## Who may import whom")) {
		may := quoted(row[1])
		if strings.Contains(row[1], "everything") {
			may = []string{"everything"}
		}
		for _, room := range quoted(row[0]) {
			table[room] = may
		}
	}
	return table
}

// ours are the rooms that a file imports.
func (s source) ours() []string {
	var list []string
	for _, p := range s.imports() {
		if room, ok := strings.CutPrefix(p, module+"/"); ok {
			list = append(list, room)
		}
	}
	return list
}

func TestRoomsImportWhatTheyMay(t *testing.T) {
	table, all := rights(t), sources(t)
	for _, s := range all {
		may, known := table[s.room]
		if !known {
			t.Errorf("%s: the room %s is not in the table of ARCHITECTURE.md", s.path, s.room)
			continue
		}
		if s.test {
			continue // tests hold rooms together that do not know each other
		}
		for _, room := range s.ours() {
			if !slices.Contains(may, room) && !slices.Contains(may, "everything") {
				t.Errorf("%s: %s may not import %s; see ARCHITECTURE.md", s.path, s.room, room)
			}
		}
	}
	there := rooms(all)
	for room, may := range table {
		for _, r := range append([]string{room}, may...) {
			if r != "everything" && !there[r] {
				t.Errorf("ARCHITECTURE.md speaks of the room %s, which does not exist", r)
			}
		}
	}
}

// The pages must not reach a person or a message by any way round, whatever the table says.
func TestAnswersNeverReachPeople(t *testing.T) {
	uses := map[string][]string{}
	for _, s := range sources(t) {
		if !s.test {
			uses[s.room] = append(uses[s.room], s.ours()...)
		}
	}
	apart := []string{"contacts", "privacy", "campaign", "outbox", "report", "mailer", "bot", "store/bolt", "server/optout", "server/control"}
	for _, from := range []string{"survey", "link", "server", "server/respond", "server/paper", "server/preview", "report/reading", "report/reading/mark", "server/reading"} {
		seen, queue := map[string]bool{}, []string{from}
		for len(queue) > 0 {
			room := queue[0]
			queue = queue[1:]
			for _, next := range uses[room] {
				if slices.Contains(apart, next) {
					t.Errorf("%s reaches %s through %s", from, next, room)
				}
				if !seen[next] {
					seen[next] = true
					queue = append(queue, next)
				}
			}
		}
	}
}

// Each of these modules is known to one place, so that it can be replaced there.
func TestModulesStayInTheirRooms(t *testing.T) {
	table := map[string][]string{}
	for _, row := range tableRows(section(t, document(t, "ARCHITECTURE.md"), "## Modules that only one place knows")) {
		table[quoted(row[0])[0]] = quoted(row[1])
	}
	if len(table) < 5 {
		t.Fatalf("only %d modules in the table", len(table))
	}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, p := range s.imports() {
			for path, places := range table {
				if under(p, path) && !slices.ContainsFunc(places, func(place string) bool { return within(s.room, place) }) {
					t.Errorf("%s: %s is only for %s", s.path, path, strings.Join(places, ", "))
				}
			}
		}
	}
}

// within tells whether a room is the place, or below it where the place ends with a slash.
func within(room, place string) bool {
	below, tree := strings.CutSuffix(place, "/")
	return room == below || tree && strings.HasPrefix(room, place)
}

func under(p, module string) bool { return p == module || strings.HasPrefix(p, module+"/") }

var required = regexp.MustCompile(`(?m)^\s*(?:require )?([a-z0-9.-]+\.[a-z]+/\S+|rsc\.io/\S+) v\S+(.*)$`)

// Each module that we import has its reason in ARCHITECTURE.md, and stands in go.mod as ours.
func TestDependenciesHaveReasons(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	indirect := map[string]bool{}
	for _, m := range required.FindAllStringSubmatch(string(raw), -1) {
		indirect[m[1]] = strings.Contains(m[2], "// indirect")
	}
	used := map[string]string{}
	for _, s := range sources(t) {
		for _, p := range s.imports() {
			for path := range indirect {
				if under(p, path) {
					used[path] = s.path
				}
			}
		}
	}
	reasons := map[string]bool{}
	for _, row := range tableRows(section(t, document(t, "ARCHITECTURE.md"), "## Dependencies")) {
		for _, path := range quoted(row[0]) {
			reasons[path] = len(row) > 1 && row[1] != ""
		}
	}
	for path, file := range used {
		if !reasons[path] {
			t.Errorf("%s imports %s, which has no reason in ARCHITECTURE.md", file, path)
		}
	}
	var untidy []string
	for path, ind := range indirect {
		if _, direct := used[path]; direct == ind {
			untidy = append(untidy, path)
		}
	}
	if len(untidy) > 0 {
		slices.Sort(untidy)
		t.Errorf("go.mod is not tidy, run go mod tidy: %s", strings.Join(untidy, ", "))
	}
	for path := range reasons {
		if used[path] == "" {
			t.Errorf("ARCHITECTURE.md gives a reason for %s, which nothing imports", path)
		}
	}
}
