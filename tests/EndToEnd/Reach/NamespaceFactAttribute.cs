using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>A test over network namespaces of its own; skipped, and counted as skipped, where these can't be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceFactAttribute : FactAttribute
{
    public NamespaceFactAttribute() => Skip = NamespaceSupport.Missing;
}
