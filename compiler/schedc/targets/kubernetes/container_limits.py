"""What the API server, the kubelet or the container runtime would refuse of one container."""

from __future__ import annotations

import posixpath
import re

from schedc.ir.workload import ConfigMapKey, Container, PodField, ScheduledTime, SecretKey
from schedc.targets.kubernetes import names
from schedc.targets.kubernetes import scheduled_time as clock
from schedc.targets.kubernetes.pod_limits import identity_limits
from schedc.targets.kubernetes.quantity import UNIT, NotAQuantity, quantity
from schedc.targets.kubernetes.report import SYNTAX, VALIDATE_CORE, Path, Report, minor_version, plain_text, shown

_STANDARD_RESOURCES = frozenset({"cpu", "memory", "ephemeral-storage"})


def container_limits(report: Report, here: Path, run: Container) -> None:
    """Everything of the main container or of an init container."""
    _process(report, here, run)
    _environment(report, here, run)
    _env_from(report, here, run)
    _resources(report, here, run)
    _accelerator(report, here, run)
    _mounts(report, here, run)
    _security(report, here, run)
    if clock.tells_time(run):
        _scheduled_time(report, here, run)


def _process(report: Report, here: Path, run: Container) -> None:
    if not run.image or run.image != run.image.strip() or not run.image.isprintable():
        report.refuse(
            (*here, "image"),
            "the image is empty" if not run.image.strip() else "the image has blanks at an end or control characters",
            "the API server takes no such image",
            f"{VALIDATE_CORE}, validateContainers",
            "write the image's reference, such as ghcr.io/acme/train:1.0",
        )
    for field, texts in (("command", run.command), ("args", run.args)):
        if texts == () and (field == "command" or not run.command):
            report.refuse(
                (*here, field),
                f"an empty list of {field} would be read as if it were left out",
                "the image's own would run",
                "kubernetes/kubernetes staging/src/k8s.io/api/core/v1/types.go, Container",
                f"leave {field} out, or write what is to run under command",
            )
        for i, text in enumerate(texts or ()):
            plain_text(report, (*here, field, i), text if isinstance(text, str) else text.format)
    folder = run.pod.get("working_dir")
    if folder is not None and (not folder.startswith("/") or "\0" in folder):
        report.refuse(
            (*here, "working_dir"),
            f"the working directory {shown(folder)} is not an absolute path",
            "the container would not start",
            "https://github.com/opencontainers/runtime-spec/blob/main/config.md#process, cwd",
            "begin it with a slash",
        )


def _environment(report: Report, here: Path, run: Container) -> None:
    minor = minor_version(report.job)
    for name, value in run.env.items():
        path = (*here, "env", name)
        if problem := names.variable_name(name, minor):
            report.refuse_key(
                (*here, "env"),
                name,
                f"the variable {shown(name)} {problem}",
                f"Kubernetes 1.{minor} takes no such name for an environment variable",
                f"{VALIDATE_CORE}, ValidateEnv",
                "choose a name of letters, digits and '_' that does not begin with a digit",
            )
        if isinstance(value, str):
            plain_text(report, path, value)
        elif isinstance(value, ScheduledTime):
            plain_text(report, path, value.format)
        elif isinstance(value, PodField) and (problem := names.pod_variable_field(value.path, minor)):
            report.refuse(
                (*path, "field"),
                f"{shown(value.path)} {problem}",
                "only some fields of a pod can be variables",
                f"{VALIDATE_CORE}, validateEnvVarValueFrom",
                "write metadata.name, metadata.namespace, metadata.uid, metadata.labels['KEY'],"
                " metadata.annotations['KEY'], spec.nodeName, spec.serviceAccountName, status.hostIP or status.podIP",
            )
        if name == clock.VARIABLE:
            report.refuse_key(
                (*here, "env"),
                name,
                f"the variable {name} is written by schedc",
                "by it a run learns its scheduled time",
                f"{VALIDATE_CORE}, ValidateEnv",
                "choose another name",
            )
        elif isinstance(value, SecretKey | ConfigMapKey):
            kind = "secret" if isinstance(value, SecretKey) else "config_map"
            _reference(report, path, kind, value)


def _reference(report: Report, path: Path, kind: str, value: SecretKey | ConfigMapKey) -> None:
    what = "secret" if kind == "secret" else "config map"
    if problem := names.subdomain(value.name):
        report.refuse(
            (*path, kind),
            f"the name of the {what} {shown(value.name)} {problem}",
            f"no {what} can have this name",
            f"{SYNTAX}, IsDNS1123Subdomain",
            f"write the name of a {what} of the CronJob's namespace",
        )
    if problem := names.data_key(value.key):
        report.refuse(
            (*path, "key"),
            f"the key {shown(value.key)} {problem}",
            f"no {what} can have this key",
            f"{SYNTAX}, IsConfigMapKey",
            "choose a key of letters, digits, '-', '_' and '.'",
        )


def _env_from(report: Report, here: Path, run: Container) -> None:
    for i, one in enumerate(run.pod.get("env_from", ())):
        path = (*here, "env_from", i)
        prefix = one.get("prefix", "")
        if prefix and (problem := names.variable_name(prefix, minor_version(report.job))):
            report.refuse(
                (*path, "prefix"),
                f"the prefix {shown(prefix)} {problem}",
                "it begins names of environment variables",
                f"{VALIDATE_CORE}, ValidateEnvFrom",
                "choose letters, digits and '_'",
            )
        kind = "secret" if "secret" in one else "config_map"
        if problem := names.subdomain(one[kind]):
            report.refuse(
                (*path, kind),
                f"the name {shown(one[kind])} {problem}",
                "no secret and no config map can have this name",
                f"{SYNTAX}, IsDNS1123Subdomain",
                "write the name of one of the CronJob's namespace",
            )


def _accelerator(report: Report, here: Path, run: Container) -> None:
    accelerator = run.pod.get("accelerator")
    if accelerator is None:
        return
    name = accelerator["type"]
    path = (*here, "resources", "accelerator", "type")
    if _resource_name(name) or not _is_extended(name):
        report.refuse(
            path,
            f"the accelerator {shown(name)} is not a resource of a device plugin",
            "a pod asks for a device by its resource, which has a domain",
            "https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/",
            "write for example nvidia.com/gpu, and choose the model with node_selector",
        )
    if name in run.resources.limits or name in run.resources.requests:
        report.refuse(
            path,
            f"{name} stands under requests or limits too",
            "an accelerator is a limit of this name",
            "https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/",
            "say it in one of the two places",
        )


def _mounts(report: Report, here: Path, run: Container) -> None:
    taken: set[str] = set()
    for i, one in enumerate(run.pod.get("volume_mounts", ())):
        path = (*here, "volume_mounts", i)
        place = posixpath.normpath("/" + one["mount_path"].lstrip("/"))
        problem = "is mounted twice" if place in taken else None
        if ":" in one["mount_path"] or "\0" in one["mount_path"]:
            problem = "holds a colon or a zero byte"
        taken.add(place)
        if problem:
            report.refuse(
                (*path, "mount_path"),
                f"{shown(one['mount_path'])} {problem}",
                "the API server refuses the pod",
                f"{VALIDATE_CORE}, ValidateVolumeMounts",
                "choose another path",
            )
        if "sub_path" in one and (problem := names.descending_path(one["sub_path"])):
            report.refuse(
                (*path, "sub_path"),
                f"the path {shown(one['sub_path'])} {problem}",
                "a sub_path stays inside its volume",
                f"{VALIDATE_CORE}, validateLocalDescendingPath",
                "write a path below the volume's folder",
            )


_CAPABILITIES = frozenset(
    re.findall(
        r"\w+",
        "ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE"
        " DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE"
        " MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG"
        " SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME"
        " SYS_TTY_CONFIG WAKE_ALARM",
    )
)


def _security(report: Report, here: Path, run: Container) -> None:
    context = run.pod.get("security_context", {})
    path = (*here, "security_context")
    identity_limits(report, path, context)
    given = context.get("capabilities", {})
    for kind in ("add", "drop"):
        for i, name in enumerate(given.get(kind, ())):
            if name not in _CAPABILITIES:
                report.refuse(
                    (*path, "capabilities", kind, i),
                    f"{shown(name)} is no Linux capability",
                    "the container would not start",
                    "https://man7.org/linux/man-pages/man7/capabilities.7.html",
                    "write its name without CAP_, such as NET_ADMIN, or ALL",
                )
    if context.get("allow_privilege_escalation") is False and context.get("privileged"):
        report.refuse(
            (*path, "allow_privilege_escalation"),
            "a privileged container can always gain more privileges",
            "the API server refuses the pod",
            f"{VALIDATE_CORE}, ValidateSecurityContext",
            "leave privileged or allow_privilege_escalation out",
        )
    outer = report.job.schedule.run.pod if isinstance(report.job.schedule.run, Container) else {}
    merged = {**outer.get("pod_security_context", {}), **context}
    if merged.get("run_as_non_root") and merged.get("run_as_user") == 0:
        report.refuse(
            (*path, "run_as_user"),
            "user 0 is root, and run_as_non_root keeps root from running",
            "the kubelet would not start the container",
            "kubernetes/kubernetes pkg/kubelet/kuberuntime/security_context.go, verifyRunAsNonRoot",
            "choose another user",
        )


_OF_THE_SHELL = frozenset(
    re.findall(
        r"\w+",
        "_ BASHOPTS DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME GROUPS HISTCMD IFS LINENO OLDPWD OPTIND"
        " PIPESTATUS POSIXLY_CORRECT PPID PS1 PS2 PS4 PWD RANDOM SECONDS SHELLOPTS SHLVL SRANDOM UID",
    )
)
_TIME_SOURCE = "kubernetes/kubernetes pkg/controller/cronjob/utils.go, getJobName"


def _scheduled_time(report: Report, here: Path, run: Container) -> None:
    """What the script in `kubernetes_scheduled_time` cannot do exactly."""
    if not run.command:
        report.refuse(
            here,
            "a scheduled time needs the command of the container",
            "a shell works the time out and then starts the command, and the image's own is not known here",
            _TIME_SOURCE,
            "write under command what the image runs",
        )
    elif (run.command[0] if isinstance(run.command[0], str) else run.command[0].format).startswith("-"):
        report.refuse(
            (*here, "command", 0),
            "a shell takes a command that begins with a hyphen for an option",
            "a shell works the scheduled time out and then starts the command",
            "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#exec",
            "write the whole path of the program",
        )
    given: list[tuple[Path, object]] = [(("env", name), value) for name, value in run.env.items()]
    for field, words in (("command", run.command), ("args", run.args)):
        given += [((field, i), word) for i, word in enumerate(words or ())]
    for where, value in given:
        if isinstance(value, ScheduledTime) and value.timezone != "UTC":
            report.refuse(
                (*here, *where),
                f"the scheduled time is asked for on a clock in {value.timezone}",
                "an image need not hold the rules of any zone but UTC",
                "https://www.iana.org/time-zones",
                "write timezone: UTC beside scheduled_time",
            )
    for name in run.env:
        is_name = name.isascii() and name.isidentifier()
        if not is_name or name in _OF_THE_SHELL or name.startswith(("BASH_", clock.PREFIX)):
            report.refuse_key(
                (*here, "env"),
                name,
                f"a shell would not hand on the variable {shown(name)} as it is",
                "a shell works the scheduled time out and then starts the command",
                "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_05",
                "choose another name, of letters, digits and '_'",
            )
    if "env_from" in run.pod:
        report.refuse(
            (*here, "env_from"),
            "a shell may drop variables of env_from beside a scheduled time",
            "a shell hands on no variable whose name it cannot write, and which names come is not known here",
            "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_05",
            "name each variable under env",
        )


def _resources(report: Report, here: Path, run: Container) -> None:
    amounts: dict[str, dict[str, int]] = {"requests": {}, "limits": {}}
    for kind, given in (("requests", run.resources.requests), ("limits", run.resources.limits)):
        for name, text in given.items():
            if problem := _resource_name(name):
                report.refuse_key(
                    (*here, "resources", kind),
                    name,
                    f"the resource {shown(name)} {problem}",
                    "containers have cpu, memory, ephemeral-storage, hugepages-SIZE and resources with a domain",
                    f"{VALIDATE_CORE}, validateContainerResourceName",
                    "write for example nvidia.com/gpu",
                )
            try:
                value = quantity(text)
            except NotAQuantity as error:
                report.refuse(
                    (*here, "resources", kind, name),
                    f"{shown(text)} {error}",
                    "it is the amount of a resource",
                    "https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/",
                    "write a number with a unit such as m, k, M, G, Ki, Mi or Gi",
                )
                continue
            amounts[kind][name] = value
            if _is_extended(name) and value % UNIT:
                report.refuse(
                    (*here, "resources", kind, name),
                    f"{shown(text)} of {name} is not a whole number",
                    "resources with a domain are counted",
                    f"{VALIDATE_CORE}, validateResourceQuantityValue",
                    "write a whole number",
                )
    _compare(report, here, amounts["requests"], amounts["limits"], run)


def _compare(report: Report, here: Path, requests: dict[str, int], limits: dict[str, int], run: Container) -> None:
    path = (*here, "resources", "requests")
    source = f"{VALIDATE_CORE}, ValidateContainerResourceRequirements"
    for name, wanted in requests.items():
        fixed = _is_extended(name) or name.startswith("hugepages-")
        if name not in limits:
            if fixed and name not in run.resources.limits:
                report.refuse(
                    (*path, name),
                    f"{name} has a request and no limit",
                    "such a resource cannot be shared: its limit must be given",
                    source,
                    f"write {name} under limits with the same amount",
                )
        elif wanted > limits[name] or (fixed and wanted != limits[name]):
            relation = "equal to" if fixed else "at most"
            report.refuse(
                (*path, name),
                f"the request of {name} is not {relation} its limit",
                "the API server refuses the pod",
                source,
                "raise the limit or lower the request",
            )
    every = {*run.resources.requests, *run.resources.limits}
    huge = sorted(name for name in every if name.startswith("hugepages-"))
    if huge and not every & {"cpu", "memory"}:
        report.refuse(
            (*here, "resources"),
            f"{huge[0]} needs cpu or memory beside it",
            "the API server refuses huge pages alone",
            source,
            "ask for cpu or memory too",
        )


def _resource_name(name: str) -> str | None:
    if "/" not in name:
        if name in _STANDARD_RESOURCES:
            return None
        if name.startswith("hugepages-"):
            try:
                return None if quantity(name.removeprefix("hugepages-")) > 0 else "is not the size of a page"
            except NotAQuantity:
                return "does not end in the size of a page"
        return "is not a resource of containers"
    if "kubernetes.io/" in name:
        return names.qualified_name(name)
    if name.startswith("requests."):
        return "begins with 'requests.', which is for quotas"
    return names.qualified_name(f"requests.{name}")


def _is_extended(name: str) -> bool:
    return "/" in name and "kubernetes.io/" not in name
