package kubernetes

import (
	"context"
	"encoding/json"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
)

// createQuestion asks what the API server makes of a POST of this YAML.
type createQuestion struct {
	YAML string
}

// createAnswer holds the stored object as batch/v1, or what is wrong and which stage says so.
type createAnswer struct {
	Object   json.RawMessage `json:"object,omitempty"`
	Warnings []string        `json:"warnings"`
	Stage    string          `json:"stage,omitempty"`
	Errors   []string        `json:"errors,omitempty"`
}

// strict is what `fieldValidation: Strict` selects, and kubectl asks for: no unknown field and none twice.
var strict = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)

func create(q createQuestion) createAnswer {
	stored, warnings, stage, err := created(q.YAML)
	if err != nil {
		return createAnswer{Warnings: warnings, Stage: stage, Errors: said(err)}
	}
	object, err := runtime.Encode(legacyscheme.Codecs.LegacyCodec(batchv1.SchemeGroupVersion), stored)
	if err != nil {
		return createAnswer{Stage: "encode", Errors: said(err)}
	}
	return createAnswer{Object: object, Warnings: warnings}
}

// created takes the API server's way from the body of a request to the object that is stored: strict decoding with
// defaults into the internal type, metadata, and the strategy with its validation.
func created(text string) (_ *batch.CronJob, warnings []string, stage string, _ error) {
	warnings = []string{}
	object, kind, err := strict.UniversalDecoder().Decode([]byte(text), nil, nil)
	if err != nil {
		return nil, warnings, "decode", err
	}
	cronJob, ok := object.(*batch.CronJob)
	if !ok || kind.GroupVersion() != batchv1.SchemeGroupVersion {
		return nil, warnings, "decode", errors.NewBadRequest("this is posted to the CronJobs of batch/v1: " + kind.String())
	}
	namespace := cronJob.Namespace
	if namespace == "" {
		namespace = metav1.NamespaceDefault
	}
	ctx := request.WithNamespace(warning.WithWarningRecorder(context.Background(), heard{&warnings}), namespace)
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{
		IsResourceRequest: true, Verb: "create", APIGroup: "batch", APIVersion: "v1", Resource: "cronjobs",
		Namespace: namespace,
	})
	rest.FillObjectMetaSystemFields(cronJob)
	if err := rest.BeforeCreate(cronjob.Strategy, ctx, cronJob); err != nil {
		return nil, warnings, "validate", err
	}
	return cronJob, warnings, "", nil
}

func said(err error) []string {
	if strictly, ok := runtime.AsStrictDecodingError(err); ok {
		var all []string
		for _, one := range strictly.Errors() {
			all = append(all, one.Error())
		}
		return all
	}
	if status, ok := err.(*errors.StatusError); ok && status.ErrStatus.Details != nil {
		var all []string
		for _, cause := range status.ErrStatus.Details.Causes {
			all = append(all, cause.Field+": "+cause.Message)
		}
		return all
	}
	return []string{err.Error()}
}

type heard struct{ texts *[]string }

func (h heard) AddWarning(_, text string) { *h.texts = append(*h.texts, text) }
