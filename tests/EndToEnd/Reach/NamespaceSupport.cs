using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>What this computer lacks for tests over real networks.</summary>
internal static class NamespaceSupport
{
    /// <summary>Why no network namespaces can be made; null if they can.</summary>
    public static string? Missing =>
        !OperatingSystem.IsLinux() || !Probe.Works("unshare", "-Urn", "ip", "link", "add", "x", "type", "bridge")
            ? "Needs unshare, ip and the right to make network namespaces."
            : !Probe.Works("unshare", "-Urn", "nft", "add", "table", "inet", "t") ? "Needs nft." : null;
}
