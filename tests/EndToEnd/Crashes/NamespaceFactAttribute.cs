using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Crashes;

/// <summary>A test that mounts small or read-only disks in a namespace of its own; skipped where the system lets nobody do so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NamespaceFactAttribute : FactAttribute
{
    public NamespaceFactAttribute() => Skip = Probe.Works("unshare", "-Urm", "mount", "-t", "tmpfs", "none", Path.GetTempPath())
        ? null
        : "needs mounts in a user namespace: unshare -Urm does not work here";
}
