// Package kubernetes answers questions about CronJobs with the code of Kubernetes itself.
//
// It is built by `go test -c`, since only a test can have a clock of its own (testing/synctest). Each line of standard
// input is a question, each line of standard output its answer, both JSON; a question's `ask` says which of the three
// it is. Zones come from $ZONEINFO. All times are Unix seconds.
package kubernetes

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"

	"k8s.io/klog/v2"
)

var answers = os.Stdout

// TestMain keeps standard output for the answers.
func TestMain(m *testing.M) {
	os.Stdout = os.Stderr
	logs := flag.NewFlagSet("klog", flag.PanicOnError)
	klog.InitFlags(logs)
	_ = logs.Set("stderrthreshold", "FATAL")
	_ = logs.Set("logtostderr", "false")
	_ = logs.Set("alsologtostderr", "false")
	klog.SetOutput(nowhere{})
	os.Exit(m.Run())
}

type nowhere struct{}

func (nowhere) Write(text []byte) (int, error) { return len(text), nil }

func TestAnswer(t *testing.T) {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := bufio.NewWriter(answers)
	encoder := json.NewEncoder(out)
	for lines.Scan() {
		if err := encoder.Encode(answer(t, lines.Bytes())); err != nil {
			t.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
}

func answer(t *testing.T, line []byte) any {
	var kind struct{ Ask string }
	if err := json.Unmarshal(line, &kind); err != nil {
		t.Fatal(err)
	}
	switch kind.Ask {
	case "create":
		return create(read[createQuestion](t, line))
	case "look back":
		return lookBack(read[lookBackQuestion](t, line))
	case "run":
		return simulate(t, read[runQuestion](t, line))
	}
	t.Fatal(fmt.Errorf("nobody knows how to answer %s", line))
	return nil
}

func read[Question any](t *testing.T, line []byte) (q Question) {
	if err := json.Unmarshal(line, &q); err != nil {
		t.Fatal(err)
	}
	return q
}
