package chat

import (
	"io"
	"net/http"
)

// Fault is how one call of the Web API goes wrong.
type Fault struct {
	Status     int    // of the answer, instead of doing anything; 0: 200
	Body       string // of the answer, as it is; it may be empty
	Type       string // its Content-Type; JSON when empty
	RetryAfter string // the header, as it is
	Done       bool   // what was asked for is done all the same
	DropBefore bool   // the connection breaks and nothing is done
	DropAfter  bool   // it is done, and the connection breaks before the answer
	Hang       bool   // no answer comes until the caller goes
}

// Fail makes the next calls of a method go wrong, one after the other. A nil among the faults lets
// one call pass. What is sent to a response_url counts as calls of "response_url".
func (s *Server) Fail(method string, faults ...*Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], faults...)
}

// fault is that of the call that has come, nil when it goes well.
func (s *Server) fault(method string) *Fault {
	s.mu.Lock()
	if list := s.faults[method]; len(list) > 0 {
		s.faults[method] = list[1:]
		s.mu.Unlock()
		return list[0]
	}
	s.mu.Unlock()
	if s.options.Fail == nil {
		return nil
	}
	return s.options.Fail(method)
}

func (f *Fault) answer(w http.ResponseWriter, r *http.Request) {
	if f.Hang {
		<-r.Context().Done()
	}
	if f.Hang || f.DropBefore || f.DropAfter {
		panic(http.ErrAbortHandler)
	}
	kind := f.Type
	if kind == "" {
		kind = "application/json; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	w.WriteHeader(max(f.Status, http.StatusOK))
	_, _ = io.WriteString(w, f.Body)
}
