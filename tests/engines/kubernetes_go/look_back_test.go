package kubernetes

import (
	"math"
	"time"
	_ "unsafe" // for go:linkname

	"github.com/robfig/cron/v3"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	_ "k8s.io/kubernetes/pkg/controller/cronjob"
)

// lookBackQuestion asks which tick the controller finds when it looks back at `now`, and when it looks again.
type lookBackQuestion struct {
	Schedule, Zone string
	Created, Now   int64
	Last, Deadline *int64
}

type lookBackAnswer struct {
	Origin *int64 `json:"origin,omitempty"`
	Newest *int64 `json:"newest"`
	Missed string `json:"missed"`
	Error  string `json:"error,omitempty"`
	Wakes  *int64 `json:"wakes"` // in milliseconds
}

//go:linkname mostRecentScheduleTime k8s.io/kubernetes/pkg/controller/cronjob.mostRecentScheduleTime
func mostRecentScheduleTime(*batchv1.CronJob, time.Time, cron.Schedule, bool) (time.Time, *time.Time, int, error)

//go:linkname nextScheduleTimeDuration k8s.io/kubernetes/pkg/controller/cronjob.nextScheduleTimeDuration
func nextScheduleTimeDuration(*batchv1.CronJob, time.Time, cron.Schedule) *time.Duration

func lookBack(q lookBackQuestion) lookBackAnswer {
	schedule, err := cron.ParseStandard("TZ=" + q.Zone + " " + q.Schedule)
	if err != nil {
		return lookBackAnswer{Error: err.Error()}
	}
	cronJob := &batchv1.CronJob{ObjectMeta: metav1.ObjectMeta{CreationTimestamp: metav1.Unix(q.Created, 0)}}
	cronJob.Spec.StartingDeadlineSeconds = q.Deadline
	if q.Last != nil {
		last := metav1.Unix(*q.Last, 0)
		cronJob.Status.LastScheduleTime = &last
	}
	now := time.Unix(q.Now, 0)
	origin, newest, missed, err := mostRecentScheduleTime(cronJob, now, schedule, true)
	a := lookBackAnswer{Missed: []string{"none", "few", "many"}[missed]}
	if err != nil {
		a.Error = err.Error()
	} else {
		from := origin.Unix()
		a.Origin = &from
	}
	if newest != nil {
		at := newest.Unix()
		a.Newest = &at
	}
	if wait := *nextScheduleTimeDuration(cronJob, now, schedule); wait > math.MinInt64 {
		at := now.Add(wait).UnixMilli()
		a.Wakes = &at
	}
	return a
}
