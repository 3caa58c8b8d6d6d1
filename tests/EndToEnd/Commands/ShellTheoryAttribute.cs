using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>Cases for a shell; skipped with a message where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellTheoryAttribute : TheoryAttribute
{
    /// <param name="shell">Its name.</param>
    public ShellTheoryAttribute(string shell) => Skip = IsInstalled(shell) ? null : $"There is no {shell} here.";

    private static bool IsInstalled(string shell) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, shell)));
}
