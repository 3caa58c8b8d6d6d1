using System.Diagnostics.CodeAnalysis;
using Xunit.Abstractions;

namespace Replica.Tests.Properties;

/// <summary>Finds the material that lies beside a working copy in a folder <c>shared</c>, where there is one.</summary>
/// <remarks>It is never part of the repository, so tests that use it say that they were skipped when it is absent.</remarks>
internal static class SharedFiles
{
    /// <summary>Finds a file under the nearest <c>shared</c> folder above the test assembly.</summary>
    /// <returns>False when it is not there; the reason was then written to <paramref name="output"/>.</returns>
    public static bool TryFind(string relativePath, ITestOutputHelper output, [NotNullWhen(true)] out string? path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", relativePath);
            if (Path.Exists(candidate))
            {
                path = candidate;
                return true;
            }
        }

        output.WriteLine($"SKIPPED: {relativePath} is in no folder 'shared' above the test assembly.");
        path = null;
        return false;
    }
}
