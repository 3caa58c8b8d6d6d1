using System.Globalization;
using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Output;

/// <summary>How far a space has come with what a peer has, in one line.</summary>
internal static class ProgressText
{
    /// <summary>Of what the API tells; null once all is here.</summary>
    public static string? Of(JsonElement sync) => Of(
        Answer.Number(sync, "received"), Answer.Number(sync, "announced"), sync.GetProperty("perSecond").GetDouble(),
        sync.TryGetProperty("leftMs", out var left) ? TimeSpan.FromMilliseconds(left.GetInt64()) : null);

    /// <summary>Of the numbers; null once all is here.</summary>
    /// <param name="received">Changes that are here.</param>
    /// <param name="announced">Changes that the peer has.</param>
    /// <param name="perSecond">How many come a second.</param>
    /// <param name="left">How long it takes still; null if nobody can tell.</param>
    public static string? Of(long received, long announced, double perSecond, TimeSpan? left) => received >= announced
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"receiving {received} of {announced} changes ({Math.Floor(100.0 * received / announced):0} %), ")
            + (left is { } time ? $"{Rate(perSecond)}, {Span(time)} left" : "nothing comes");

    /// <summary>A rate in changes.</summary>
    public static string Rate(double perSecond) =>
        string.Create(CultureInfo.InvariantCulture, $"{perSecond.ToString(perSecond < 10 ? "0.0" : "0", CultureInfo.InvariantCulture)} changes/s");

    /// <summary>A span in the two units that matter.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "1 s",
        { TotalMinutes: < 1 } => $"{Math.Ceiling(span.TotalSeconds):0} s",
        { TotalHours: < 1 } => $"{span.Minutes} min {span.Seconds} s",
        { TotalDays: < 1 } => $"{span.Hours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };
}
