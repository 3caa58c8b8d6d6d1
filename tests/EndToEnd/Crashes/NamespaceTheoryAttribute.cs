using Xunit;

namespace Replica.Tests.EndToEnd.Crashes;

/// <summary>As <see cref="NamespaceFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NamespaceTheoryAttribute : TheoryAttribute
{
    public NamespaceTheoryAttribute() => Skip = new NamespaceFactAttribute().Skip;
}
