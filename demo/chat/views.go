package chat

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"viesti/demo/chat/blockkit"
)

// Times and sizes of views.
const (
	triggerTime = 3 * time.Second
	maxViews    = 3 // in a stack
)

// View is a modal or a Home tab as it stands open.
type View struct {
	ID, Hash, Type         string
	Title, Submit, Cancel  string // of a modal
	CallbackID, ExternalID string
	PrivateMetadata        string
	Blocks                 []Block
	Errors                 map[string]string // by block: what the app found wrong with the last submission

	user          string
	channel       string // where the user was when it opened
	root          string
	notifyOnClose bool
	clearOnClose  bool
	raw           map[string]json.RawMessage
	state         map[string]map[string]object // what was chosen, by block and action
}

// trigger lets the app open a view for a user, once and soon.
type trigger struct {
	user, channel string
	at            time.Time
	used          bool
}

// newTrigger makes the trigger_id of something that a user did. The caller holds mu.
func (s *Server) newTrigger(user, channel string) string {
	now := s.options.Now()
	for id, t := range s.triggers {
		if now.Sub(t.at) > time.Minute {
			delete(s.triggers, id)
		}
	}
	s.serial++
	id := stamp(now.UnixMicro()) + "." + s.newID()
	s.triggers[id] = &trigger{user: user, channel: channel, at: now}
	return id
}

// View is the uppermost modal that a user has open.
func (s *Server) View(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stack := s.modals[user]
	if len(stack) == 0 {
		return View{}, false
	}
	return *stack[len(stack)-1], true
}

// Home is a user's Home tab, as the app last published it.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.homes[user]; v != nil {
		return *v, true
	}
	return View{}, false
}

// readView takes a view when it is good; code is Slack's word for what is wrong.
func (s *Server) readView(raw json.RawMessage, kind string) (v *View, code string, faults []string) {
	if faults := blockkit.View(raw); faults != nil {
		for _, f := range faults {
			if strings.Contains(f, "larger than") {
				return nil, "view_too_large", faults
			}
		}
		return nil, "invalid_arguments", faults
	}
	v = &View{raw: map[string]json.RawMessage{}, state: map[string]map[string]object{}}
	if err := json.Unmarshal(raw, &v.raw); err != nil {
		return nil, "invalid_arguments", nil
	}
	filled, err := blockkit.Fill(v.raw["blocks"], s.newID)
	v.raw["blocks"] = filled
	if err == nil {
		err = v.read()
	}
	switch {
	case err != nil:
		return nil, "invalid_arguments", nil
	case v.Type != kind:
		return nil, "invalid_arguments", []string{"[ERROR] this method takes views of type " + kind}
	}
	v.ID, v.Hash = "V"+strings.ToUpper(s.newID()), stamp(s.options.Now().UnixMicro())+"."+s.newID()
	v.root = v.ID
	return v, "", nil
}

// read takes out of the raw view what is needed here.
func (v *View) read() error {
	whole, err := json.Marshal(v.raw)
	if err != nil {
		return err
	}
	var f struct {
		Type       string        `json:"type"`
		Title      blockkit.Text `json:"title"`
		Submit     blockkit.Text `json:"submit"`
		Close      blockkit.Text `json:"close"`
		CallbackID string        `json:"callback_id"`
		External   string        `json:"external_id"`
		Private    string        `json:"private_metadata"`
		Blocks     []Block       `json:"blocks"`
		Notify     bool          `json:"notify_on_close"`
		Clear      bool          `json:"clear_on_close"`
	}
	if err := json.Unmarshal(whole, &f); err != nil {
		return err
	}
	v.Type, v.Title, v.Submit, v.Cancel = f.Type, f.Title.Text, f.Submit.Text, f.Close.Text
	v.CallbackID, v.ExternalID, v.PrivateMetadata, v.Blocks = f.CallbackID, f.External, f.Private, f.Blocks
	v.notifyOnClose, v.clearOnClose = f.Notify, f.Clear
	return nil
}

// object is a view as Slack gives it to the app.
func (v *View) object() object {
	o := object{
		"private_metadata": "", "callback_id": "", "external_id": "", "close": nil, "submit": nil, "title": nil,
		"clear_on_close": false, "notify_on_close": false,
	}
	for name, raw := range v.raw {
		o[name] = raw
	}
	o["id"], o["hash"], o["team_id"], o["app_id"], o["bot_id"] = v.ID, v.Hash, teamID, appID, botID
	o["root_view_id"], o["previous_view_id"], o["app_installed_team_id"] = v.root, nil, teamID
	o["state"] = object{"values": copied(v.state)}
	return o
}

// trigger uses a trigger_id up and gives the view to whose it was.
func (c *call) trigger(v *View) (code string) {
	t := c.triggers[c.args.Get("trigger_id")]
	switch {
	case t == nil:
		return "invalid_trigger_id"
	case t.used:
		return "exchanged_trigger_id"
	case c.options.Now().Sub(t.at) > triggerTime:
		return "expired_trigger_id"
	}
	t.used = true
	v.user, v.channel = t.user, t.channel
	return ""
}

// given reads the view of a call.
func (c *call) given(kind string) (*View, object) {
	v, code, faults := c.readView(json.RawMessage(c.args.Get("view")), kind)
	if code != "" {
		return nil, refusal(code, faults...)
	}
	return v, nil
}

// modal is a new modal that a press may open: its trigger is used up.
func (c *call) modal() (*View, object) {
	v, refused := c.given("modal")
	if refused != nil {
		return nil, refused
	}
	if c.externalTaken(v) {
		return nil, refusal("duplicate_external_id")
	}
	if code := c.trigger(v); code != "" {
		return nil, refusal(code)
	}
	return v, nil
}

func (c *call) openView() object {
	v, refused := c.modal()
	if refused != nil {
		return refused
	}
	c.modals[v.user] = []*View{v}
	return object{"ok": true, "view": v.object()}
}

func (c *call) pushView() object {
	v, refused := c.modal()
	if refused != nil {
		return refused
	}
	if len(c.modals[v.user]) == 0 {
		return refusal("not_found")
	}
	if !c.push(v) {
		return refusal("push_limit_reached")
	}
	return object{"ok": true, "view": v.object()}
}

// push puts a modal on top of its user's. The caller holds mu.
func (s *Server) push(v *View) bool {
	stack := s.modals[v.user]
	if len(stack) >= maxViews {
		return false
	}
	if len(stack) > 0 {
		v.root = stack[0].ID
	}
	s.modals[v.user] = append(stack, v)
	return true
}

func (c *call) updateView() object {
	old := c.view(func(v *View) bool {
		if id := c.args.Get("view_id"); id != "" {
			return v.ID == id
		}
		return v.ExternalID != "" && v.ExternalID == c.args.Get("external_id")
	})
	switch hash := c.args.Get("hash"); {
	case old == nil:
		return refusal("not_found")
	case hash != "" && hash != old.Hash:
		return refusal("hash_conflict")
	}
	v, refused := c.given(old.Type)
	if refused != nil {
		return refused
	}
	old.become(v)
	return object{"ok": true, "view": old.object()}
}

func (c *call) publishView() object {
	user := c.args.Get("user_id")
	if u, ok := c.user(user); !ok || u.Gone || u.Team != "" {
		return refusal("invalid_arguments", "[ERROR] user_id is not a user of the workspace")
	}
	v, refused := c.given("home")
	if refused != nil {
		return refused
	}
	v.user = user
	old := c.homes[user]
	hash := c.args.Get("hash")
	switch {
	case old == nil:
		c.homes[user] = v
	case hash != "" && hash != old.Hash:
		return refusal("hash_conflict")
	default:
		old.become(v)
		v = old
	}
	return object{"ok": true, "view": v.object()}
}

// become lets a view be another one in the same place. What was chosen in blocks that are still
// there stays chosen.
func (v *View) become(next *View) {
	old := *v
	*v = *next
	v.ID, v.root, v.user, v.channel = old.ID, old.root, old.user, old.channel
	for _, b := range v.Blocks {
		if kept, ok := old.state[b.ID]; ok {
			v.state[b.ID] = kept
		}
	}
}

// view finds an open view. The caller holds mu.
func (s *Server) view(wanted func(*View) bool) *View {
	for _, stack := range s.modals {
		if i := slices.IndexFunc(stack, wanted); i >= 0 {
			return stack[i]
		}
	}
	for _, v := range s.homes {
		if wanted(v) {
			return v
		}
	}
	return nil
}

func (c *call) externalTaken(v *View) bool {
	return v.ExternalID != "" && c.view(func(o *View) bool { return o.ExternalID == v.ExternalID }) != nil
}
