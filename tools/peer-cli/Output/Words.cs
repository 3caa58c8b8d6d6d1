using System.Globalization;

namespace Replica.PeerCli.Output;

/// <summary>Numbers, times and paths in a person's words.</summary>
internal static class Words
{
    /// <summary>So many of something: "1 node", "2 nodes".</summary>
    public static string Count(long count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : "s")}");

    /// <summary>How long ago something was.</summary>
    public static string Ago(TimeSpan age) => age switch
    {
        { TotalSeconds: < 60 } => $"{Math.Max(0, (int)age.TotalSeconds)} s ago",
        { TotalMinutes: < 60 } => $"{(int)age.TotalMinutes} min ago",
        { TotalHours: < 48 } => $"{(int)age.TotalHours} h ago",
        _ => $"{(int)age.TotalDays} days ago",
    };

    /// <summary>A size in bytes.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F1} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
    };

    /// <summary>A path, with ~ for the user's own directory.</summary>
    public static string Path(string path)
    {
        var own = Environment.GetEnvironmentVariable("HOME");
        return own is { Length: > 1 } && path.StartsWith(own + "/", StringComparison.Ordinal) ? "~" + path[own.Length..] : path;
    }
}
