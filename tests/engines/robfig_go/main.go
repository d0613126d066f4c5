// Command robfig answers questions about robfig/cron with the engine itself.
//
// Each line of standard input is a question, each line of standard output its answer, both JSON. A question names an
// engine ("v3" is ParseStandard of v3.0.1, "v1" is Parse of v1.2.0), a cron text, a zone, a start (Unix seconds) and
// how often to ask Next. The answer holds the fires, or why there are none. Zones come from $ZONEINFO.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	cronv1 "github.com/robfig/cron"
	cronv3 "github.com/robfig/cron/v3"
)

type question struct {
	Engine string `json:"engine"`
	Cron   string `json:"cron"`
	Zone   string `json:"zone"`
	Start  int64  `json:"start"`
	Count  int    `json:"count"`
}

type answer struct {
	Fires     []int64 `json:"fires,omitempty"`
	Exhausted bool    `json:"exhausted,omitempty"`
	Error     string  `json:"error,omitempty"`
	Stage     string  `json:"stage,omitempty"`
}

type schedule interface {
	Next(time.Time) time.Time
}

func ask(q question) (a answer) {
	stage := "parse"
	defer func() {
		if r := recover(); r != nil {
			a = answer{Error: fmt.Sprint(r), Stage: "panic"}
		}
	}()
	zone, err := time.LoadLocation(q.Zone)
	if err != nil {
		return answer{Error: err.Error(), Stage: "zone"}
	}
	var s schedule
	switch q.Engine {
	case "v1":
		s, err = cronv1.Parse(q.Cron)
	case "v3":
		s, err = cronv3.ParseStandard(q.Cron)
	default:
		err, stage = fmt.Errorf("no engine %q", q.Engine), "question"
	}
	if err != nil {
		return answer{Error: err.Error(), Stage: stage}
	}
	t := time.Unix(q.Start, 0).In(zone)
	for i := 0; i < q.Count; i++ {
		t = s.Next(t)
		if t.IsZero() {
			a.Exhausted = true
			break
		}
		a.Fires = append(a.Fires, t.Unix())
	}
	return a
}

// work answers question by question until its input ends.
func work(in io.Reader, out io.Writer) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	encoder := json.NewEncoder(out)
	for lines.Scan() {
		var q question
		a := answer{Stage: "question"}
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			a.Error = err.Error()
		} else {
			a = ask(q)
		}
		if encoder.Encode(a) != nil {
			return
		}
	}
}

// worker is a copy of this program that can be killed when the engine never returns.
type worker struct {
	command *exec.Cmd
	in      io.WriteCloser
	answers chan []byte
}

func start() *worker {
	command := exec.Command(os.Args[0], "-worker")
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	check(err)
	out, err := command.StdoutPipe()
	check(err)
	check(command.Start())
	w := &worker{command, in, make(chan []byte)}
	go func() {
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			w.answers <- append([]byte(nil), lines.Bytes()...)
		}
		close(w.answers)
	}()
	return w
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "robfig:", err)
		os.Exit(2)
	}
}

func main() {
	isWorker := flag.Bool("worker", false, "answer without a time-out")
	patience := flag.Duration("timeout", 10*time.Second, "how long Next may take for one question")
	flag.Parse()
	if *isWorker {
		work(os.Stdin, os.Stdout)
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	w := start()
	for lines.Scan() {
		_, err := w.in.Write(append(append([]byte(nil), lines.Bytes()...), '\n'))
		check(err)
		select {
		case a, ok := <-w.answers:
			if !ok {
				check(fmt.Errorf("the worker ended at %s", lines.Bytes()))
			}
			_, err = out.Write(append(a, '\n'))
			check(err)
		case <-time.After(*patience):
			check(w.command.Process.Kill())
			_ = w.command.Wait()
			check(json.NewEncoder(out).Encode(answer{Error: "Next did not return", Stage: "hang"}))
			w = start()
		}
	}
	check(lines.Err())
}
