using Replica.Tests.EndToEnd.Reach;
using Xunit;

namespace Replica.Tests.EndToEnd.Docs;

/// <summary>As <see cref="NamespaceFactAttribute"/>, for a claim with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceTheoryAttribute : TheoryAttribute
{
    public NamespaceTheoryAttribute() => Skip = new NamespaceFactAttribute().Skip;
}
