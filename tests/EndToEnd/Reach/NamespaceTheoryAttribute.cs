using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Several tests over network namespaces of their own; skipped, and counted as skipped, where these can't be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceTheoryAttribute : TheoryAttribute
{
    public NamespaceTheoryAttribute() => Skip = NamespaceSupport.Missing;
}
