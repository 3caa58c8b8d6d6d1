using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>A test over network namespaces of its own; skipped, and counted as skipped, where these can't be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceFactAttribute : FactAttribute
{
    public NamespaceFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Probe.Works("unshare", "-Urn", "ip", "link", "add", "x", "type", "bridge"))
        {
            Skip = "Needs unshare, ip and the right to make network namespaces.";
        }
        else if (!Probe.Works("unshare", "-Urn", "nft", "add", "table", "inet", "t"))
        {
            Skip = "Needs nft.";
        }
    }
}
