package kubernetes

import (
	"context"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	batchinformers "k8s.io/client-go/informers/batch/v1"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/controller/cronjob"
)

// runQuestion asks which Jobs the controller starts for this CronJob until a time.
type runQuestion struct {
	YAML           string
	Created, Until int64
	Last           *int64     // status.lastScheduleTime when it is first seen
	JobSeconds     int64      // how long each Job runs; 0: until the end
	Down           [][2]int64 // from when to when no controller runs
	Suspended      [][2]int64 // from when to when spec.suspend is true
}

type startedJob struct {
	Name      string `json:"name"`
	Scheduled int64  `json:"scheduled"`         // from its annotation
	Started   int64  `json:"started"`           // in milliseconds
	Deleted   int64  `json:"deleted,omitempty"` // in milliseconds, while it ran
}

type runAnswer struct {
	Jobs   []*startedJob `json:"jobs"`
	First  *batchv1.Job  `json:"first,omitempty"` // the first Job as the API server stores it
	Events []string      `json:"events"`          // the reasons, each once
	Error  string        `json:"error,omitempty"`
}

var (
	cronJobs = batchv1.SchemeGroupVersion.WithResource("cronjobs")
	jobs     = batchv1.SchemeGroupVersion.WithResource("jobs")
)

// cluster is the rest of a cluster: an API server that stores, and a Job controller that ends each Job in time.
type cluster struct {
	sync.Mutex
	client  *client
	took    time.Duration
	answer  runAnswer
	reasons map[string]bool
	running map[types.UID]*startedJob
	version int
	ctx     context.Context
}

// simulate runs the controller itself on a clock that moves when everybody waits.
func simulate(t *testing.T, q runQuestion) (a runAnswer) {
	synctest.Test(t, func(t *testing.T) { a = inBubble(q) })
	return a
}

func inBubble(q runQuestion) runAnswer {
	internal, _, _, err := created(q.YAML)
	if err != nil {
		return runAnswer{Error: strings.Join(said(err), "; ")}
	}
	cronJob := &batchv1.CronJob{}
	if err := legacyscheme.Scheme.Convert(internal, cronJob, nil); err != nil {
		return runAnswer{Error: err.Error()}
	}
	sleepUntil(q.Created)
	ctx, stop := context.WithCancel(context.Background())
	c := &cluster{
		client:  newClient(),
		took:    time.Duration(q.JobSeconds) * time.Second,
		answer:  runAnswer{Jobs: []*startedJob{}, Events: []string{}},
		reasons: map[string]bool{},
		running: map[types.UID]*startedJob{},
		ctx:     ctx,
	}
	c.client.PrependReactor("create", "jobs", c.createJob)
	c.client.PrependReactor("delete", "jobs", c.deleteJob)
	c.client.PrependReactor("*", "events", c.event)
	cronJob.CreationTimestamp = metav1.Unix(q.Created, 0)
	if cronJob.Namespace == "" {
		cronJob.Namespace = metav1.NamespaceDefault
	}
	if q.Last != nil {
		last := metav1.Unix(*q.Last, 0)
		cronJob.Status.LastScheduleTime = &last
	}
	must(c.client.store.Create(cronJobs, cronJob, cronJob.Namespace))
	for _, span := range q.Suspended {
		go c.suspend(cronJob, span)
	}
	up := q.Created
	for _, span := range append(q.Down, [2]int64{q.Until, q.Until}) {
		if span[0] > up {
			c.control(up, span[0])
		}
		up = span[1]
	}
	stop()
	synctest.Wait()
	sort.Strings(c.answer.Events)
	return c.answer
}

// control runs a controller from one time to another, as the controller manager starts it.
func (c *cluster) control(from, until int64) {
	sleepUntil(from)
	ctx, stop := context.WithCancel(c.ctx)
	watched := &factory{c.client, map[reflect.Type]cache.SharedIndexInformer{}}
	batch := batchinformers.New(watched, metav1.NamespaceAll, nil)
	controller, err := cronjob.NewControllerV2(ctx, batch.Jobs(), batch.CronJobs(), c.client)
	must(err)
	watched.Start(ctx.Done())
	done := make(chan struct{})
	go func() {
		controller.Run(ctx, 5)
		close(done)
	}()
	sleepUntil(until)
	stop()
	<-done
}

func (c *cluster) createJob(action clienttesting.Action) (bool, runtime.Object, error) {
	c.Lock()
	defer c.Unlock()
	job := action.(clienttesting.CreateAction).GetObject().(*batchv1.Job).DeepCopy()
	job.UID = types.UID(fmt.Sprintf("job-%d", len(c.answer.Jobs)))
	job.Namespace = action.GetNamespace()
	job.CreationTimestamp = metav1.Now().Rfc3339Copy()
	job.ResourceVersion = c.nextVersion()
	legacyscheme.Scheme.Default(job)
	if c.answer.First == nil {
		c.answer.First = job
	}
	if err := c.client.store.Create(jobs, job, job.Namespace); err != nil {
		return true, nil, err
	}
	scheduled, err := time.Parse(time.RFC3339, job.Annotations[batchv1.CronJobScheduledTimestampAnnotation])
	must(err)
	started := &startedJob{Name: job.Name, Scheduled: scheduled.Unix(), Started: time.Now().UnixMilli()}
	c.answer.Jobs = append(c.answer.Jobs, started)
	c.running[job.UID] = started
	if c.took > 0 {
		go c.complete(job)
	}
	return true, job, nil
}

func (c *cluster) complete(job *batchv1.Job) {
	select {
	case <-c.ctx.Done():
		return
	case <-time.After(c.took):
	}
	c.Lock()
	defer c.Unlock()
	if c.running[job.UID] == nil {
		return
	}
	delete(c.running, job.UID)
	job = job.DeepCopy()
	now := metav1.Now().Rfc3339Copy()
	job.Status.StartTime = &job.CreationTimestamp
	job.Status.CompletionTime = &now
	job.Status.Conditions = []batchv1.JobCondition{{Type: batchv1.JobComplete, Status: corev1.ConditionTrue}}
	job.ResourceVersion = c.nextVersion()
	must(c.client.store.Update(jobs, job, job.Namespace))
}

func (c *cluster) deleteJob(action clienttesting.Action) (bool, runtime.Object, error) {
	c.Lock()
	defer c.Unlock()
	name := action.(clienttesting.DeleteAction).GetName()
	for uid, job := range c.running {
		if job.Name == name {
			job.Deleted = time.Now().UnixMilli()
			delete(c.running, uid)
		}
	}
	return false, nil, nil
}

func (c *cluster) event(action clienttesting.Action) (bool, runtime.Object, error) {
	c.Lock()
	defer c.Unlock()
	if posted, ok := action.(clienttesting.CreateAction); ok {
		event := posted.GetObject().(*corev1.Event)
		if !c.reasons[event.Reason] {
			c.reasons[event.Reason] = true
			c.answer.Events = append(c.answer.Events, event.Reason)
		}
		return true, event, nil
	}
	return true, &corev1.Event{}, nil
}

func (c *cluster) suspend(cronJob *batchv1.CronJob, span [2]int64) {
	for i, at := range span {
		select {
		case <-c.ctx.Done():
			return
		case <-time.After(time.Until(time.Unix(at, 0))):
		}
		c.Lock()
		object, err := c.client.store.Get(cronJobs, cronJob.Namespace, cronJob.Name)
		must(err)
		changed := object.(*batchv1.CronJob).DeepCopy()
		suspended := i == 0
		changed.Spec.Suspend = &suspended
		changed.ResourceVersion = c.nextVersion()
		must(c.client.store.Update(cronJobs, changed, changed.Namespace))
		c.Unlock()
	}
}

func (c *cluster) nextVersion() string {
	c.version++
	return fmt.Sprint(c.version)
}

func sleepUntil(at int64) { time.Sleep(time.Until(time.Unix(at, 0))) }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
