"""Checks of the machine: disk, clock, limits of the system, Python and its libraries."""

import os
import platform
import resource
import shutil
import sysconfig
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo

from index.durable import sync
from index.settings import EngineName
from web.cli.doctor.findings import HealthCheck, graded

SLOW_SYNC_SECONDS = 0.5
LITTLE_ROOM = 200_000_000
"""Bytes: a rebuild of a small index with its temporary files."""
FEW_DESCRIPTORS = 1024
FEW_MAPS = 65_530
"""Linux's default of vm.max_map_count."""
LARGE_READ_AHEAD_KB = 1024
IN_MEMORY = frozenset(("tmpfs", "ramfs"))
OVER_NETWORK = frozenset(("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p"))
LIBRARIES: dict[EngineName, str] = {
    "whoosh": "whoosh-reloaded",
    "tantivy": "tantivy",
    "opensearch": "opensearch-py",
}
OTHERS = ("jieba", "rjieba", "numpy", "flask", "waitress", "bleach")


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    path = folder.resolve()
    while not path.is_dir() and path != path.parent:
        path = path.parent
    return path


def room(folder: Path, needed: int) -> HealthCheck:
    """`needed`: bytes of the published generation, as many as a rebuild writes."""
    found = shutil.disk_usage(existing(folder))
    nodes = os.statvfs(existing(folder))
    message = f"{folder} 所在的磁盘还有 {found.free / 1e9:,.1f} GB，重建要 {needed / 1e9:,.1f} GB。"
    if found.free < max(needed, LITTLE_ROOM) or (nodes.f_files and not nodes.f_favail):
        return graded(
            "磁盘空间", message, fail="请腾出空间（yuansou index gc --keep 1 删旧版本）。"
        )
    low = "不够重建两次，请留意。" if found.free < 2 * needed else ""
    return graded("磁盘空间", message, warn=low)


def durability(folder: Path) -> HealthCheck:
    """Writes a small file, as publishing a generation does."""
    where = existing(folder)
    kind = file_system(where)
    try:
        started = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix=".doctor-", dir=where) as made:
            path = Path(made, "new")
            path.write_bytes(b"x")
            sync(path)
            path.replace(path.with_name("CURRENT"))
            sync(Path(made))
        seconds = time.perf_counter() - started
    except OSError as error:
        message = f"在 {where} 写入并落盘失败：{error.strerror}。"
        return graded("落盘", message, fail="不能建立索引；请检查权限与磁盘（dmesg）。")
    message = f"在 {where}（{kind}）写入并落盘用了 {seconds * 1000:.1f} 毫秒。"
    if kind in IN_MEMORY:
        return graded("落盘", message, warn="这里是内存，重启后什么都不在；请换一个目录。")
    if kind in OVER_NETWORK:
        return graded("落盘", message, warn="网络文件系统不一定守信；请用本机的磁盘。")
    slow = "很慢：每次更新要落盘几十次。" if seconds > SLOW_SYNC_SECONDS else ""
    return graded("落盘", message, warn=slow)


def file_system(folder: Path) -> str:
    """The kind of the file system that holds a folder, as /proc/mounts names it."""
    found = ("", "未知")
    for line in _read("/proc/mounts").splitlines():
        _, place, kind, *_ = line.split()
        mounted = place.replace("\\040", " ")
        if folder.is_relative_to(mounted) and len(mounted) >= len(found[0]):
            found = (mounted, kind)
    return found[1]


def clock(newest: int) -> HealthCheck:
    """`newest`: when the newest generation was built, in epoch seconds; 0 without one."""
    now = time.time()
    message = f"现在是 {time.strftime('%Y-%m-%d %H:%M:%S %z', time.localtime(now))}。"
    if now < newest:
        ahead = (newest - now) / 3600
        todo = f"最新的版本建于 {ahead:,.1f} 小时以后：时钟被拨回了，请校准（timedatectl）。"
        return graded("时钟", message, warn=todo)
    return graded("时钟", message)


def time_zone() -> HealthCheck:
    try:
        ZoneInfo("Asia/Shanghai")
    except OSError as error:
        message = f"没有时区 Asia/Shanghai 的数据（{error}）。"
        return graded("时区", message, fail="请重新安装（pip install tzdata）。")
    return graded("时区", f"本机是 {'/'.join(time.tzname)}；日期一律按 Asia/Shanghai。")


def read_ahead(folder: Path) -> HealthCheck:
    """How much the system reads around each request to the disk."""
    number = existing(folder).stat().st_dev
    device = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve()
    paths = (device / "queue/read_ahead_kb", device.parent / "queue/read_ahead_kb")
    text = next((text for path in paths if (text := _read(path).strip())), "")
    if not text.isdigit():
        return graded("预读", "这个文件系统没有预读的设置。")
    large = int(text) > LARGE_READ_AHEAD_KB
    todo = "索引大于内存时会读得太多；可用 blockdev --setra 256 调小。" if large else ""
    return graded("预读", f"磁盘每次预读 {text} KB。", warn=todo)


def limits() -> list[HealthCheck]:
    """Descriptors of a process, and memory maps that it may have."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = "请提高（ulimit -n 4096；systemd 用 LimitNOFILE）。" if soft < FEW_DESCRIPTORS else ""
    maps = _read("/proc/sys/vm/max_map_count").strip()
    low = maps.isdigit() and int(maps) < FEW_MAPS
    todo = f"请提高（sysctl -w vm.max_map_count={FEW_MAPS}）。" if low else ""
    return [
        graded("描述符", f"一个进程可打开 {soft:,} 个文件。", warn=few),
        graded("内存映射", f"一个进程可映射 {maps or '未知'} 处。", warn=todo),
    ]


def python_build() -> HealthCheck:
    options = str(sysconfig.get_config_var("CONFIG_ARGS") or "")
    guided = "--enable-optimizations" in options or "-fprofile-use" in str(
        sysconfig.get_config_var("PY_CORE_CFLAGS") or ""
    )
    message = f"Python {platform.python_version()}，{'' if guided else '没有'}按运行剖析优化。"
    todo = "" if guided else "回答会慢一些；发行版或 python.org 的 Python 一般都优化过。"
    return graded("Python", message, warn=todo)


def libraries(engine: EngineName) -> list[HealthCheck]:
    """The versions of what answers depend on."""
    found = {name: _version(name) for name in (LIBRARIES[engine], *OTHERS)}
    listed = "、".join(f"{name} {number}" for name, number in found.items() if number)
    missing = "" if found[LIBRARIES[engine]] else f"请运行 make install EXTRAS={engine}。"
    slow = "" if found["rjieba"] else "没有 rjieba，切词慢七倍：pip install rjieba。"
    return [graded("程序库", f"元搜 {version('yuansou')}；{listed}。", fail=missing, warn=slow)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _read(path: str | Path) -> str:
    try:
        return Path(path).read_text("utf-8")
    except OSError:
        return ""
