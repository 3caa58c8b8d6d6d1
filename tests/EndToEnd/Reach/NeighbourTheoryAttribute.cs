using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Tests with a program of others that speaks multicast DNS; skipped, and counted as skipped, without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeighbourTheoryAttribute : TheoryAttribute
{
    public NeighbourTheoryAttribute(Neighbour neighbour) => Skip = NamespaceSupport.Missing ?? neighbour switch
    {
        Neighbour.Avahi => Probe.Works("sh", "-c", "for i in avahi-daemon avahi-browse avahi-publish dbus-daemon; do command -v $i || exit; done")
            ? null : "Needs avahi-daemon, avahi-utils and dbus-daemon.",
        _ => Probe.Works(MdnsNeighbourTests.Python, "-c", "import zeroconf") ? null : "Needs the Python module zeroconf.",
    };
}
