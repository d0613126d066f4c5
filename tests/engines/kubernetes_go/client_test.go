package kubernetes

import (
	"reflect"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/informers/internalinterfaces"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	batchclient "k8s.io/client-go/kubernetes/typed/batch/v1"
	fakebatch "k8s.io/client-go/kubernetes/typed/batch/v1/fake"
	coreclient "k8s.io/client-go/kubernetes/typed/core/v1"
	fakecore "k8s.io/client-go/kubernetes/typed/core/v1/fake"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"
)

// client talks to a store in this process. It is the part of kubernetes/fake that the controller uses: with the whole of
// it, and with the factory of all informers, the program takes half as long again to build.
type client struct {
	clientset.Interface
	clienttesting.Fake
	store clienttesting.ObjectTracker
}

// A controller that comes back deletes many finished Jobs at one moment; a watch of the store panics when it is full.
func init() { watch.DefaultChanSize = 10_000 }

func newClient() *client {
	c := &client{store: clienttesting.NewObjectTracker(scheme.Scheme, serializer.NewCodecFactory(scheme.Scheme).UniversalDecoder())}
	c.AddReactor("*", "*", clienttesting.ObjectReaction(c.store))
	c.AddWatchReactor("*", func(action clienttesting.Action) (bool, watch.Interface, error) {
		found, err := c.store.Watch(action.GetResource(), action.GetNamespace(), metav1.ListOptions{})
		return true, found, err
	})
	return c
}

func (c *client) BatchV1() batchclient.BatchV1Interface { return &fakebatch.FakeBatchV1{Fake: &c.Fake} }

func (c *client) CoreV1() coreclient.CoreV1Interface { return &fakecore.FakeCoreV1{Fake: &c.Fake} }

// IsWatchListSemanticsUnSupported makes informers list first, and then watch.
func (c *client) IsWatchListSemanticsUnSupported() bool { return true }

// factory makes the informers that the controller asks for.
type factory struct {
	client    clientset.Interface
	informers map[reflect.Type]cache.SharedIndexInformer
}

func (f *factory) InformerFor(object runtime.Object, make internalinterfaces.NewInformerFunc) cache.SharedIndexInformer {
	kind := reflect.TypeOf(object)
	if f.informers[kind] == nil {
		f.informers[kind] = make(f.client, 0*time.Second)
	}
	return f.informers[kind]
}

func (f *factory) InformerName() *cache.InformerName { return nil }

func (f *factory) Start(stop <-chan struct{}) {
	for _, informer := range f.informers {
		go informer.Run(stop)
	}
}
