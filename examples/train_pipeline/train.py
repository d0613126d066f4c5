"""A pipeline that prepares a window of data, trains on it, and publishes the model where it is told to.

`python train.py` compiles it (pip install kfp) to train.yaml, which is what the schedule beside it runs.
"""

from pathlib import Path

from kfp import compiler, dsl

IMAGE = "ghcr.io/acme/churn:1.4.0"


@dsl.container_component
def prepare(window_days: int, dataset: dsl.Output[dsl.Dataset]):
    return dsl.ContainerSpec(
        image=IMAGE,
        command=["python", "-m", "churn.prepare"],
        args=["--window-days", window_days, "--out", dataset.path],
    )


@dsl.container_component
def train(dataset: dsl.Input[dsl.Dataset], learning_rate: float, features: list, model: dsl.Output[dsl.Model]):
    return dsl.ContainerSpec(
        image=IMAGE,
        command=["python", "-m", "churn.train"],
        args=["--data", dataset.path, "--learning-rate", learning_rate, "--features", features, "--out", model.path],
    )


@dsl.container_component
def publish(model: dsl.Input[dsl.Model], stage: str):
    return dsl.ContainerSpec(
        image=IMAGE, command=["python", "-m", "churn.publish"], args=["--model", model.uri, "--stage", stage]
    )


@dsl.pipeline(name="train-churn", description="Retrain the churn model on a window of data.")
def train_churn(
    window_days: int = 28,
    learning_rate: float = 0.05,
    features: list = ["recency", "frequency"],  # noqa: B006
    register: bool = True,
    stage: str = "staging",
):
    data = prepare(window_days=window_days)
    fitted = train(dataset=data.outputs["dataset"], learning_rate=learning_rate, features=features)
    fitted.set_cpu_limit("4").set_memory_limit("16Gi").set_retry(num_retries=2)
    with dsl.If(register == True, name="register"):  # noqa: E712
        publish(model=fitted.outputs["model"], stage=stage)


if __name__ == "__main__":
    compiler.Compiler().compile(train_churn, str(Path(__file__).with_name("train.yaml")))
