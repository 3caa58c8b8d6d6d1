using System.Globalization;

namespace Replica.Peer.Host;

/// <summary>
/// The names of the files that a rotation makes of one space: <c>NAME-SPACE-DEVICE-yyyyMMddTHHmmssZ.backup</c>, with the first digits
/// of the space's id and of the device's key. No other home and no other space makes the same, so what bears one is this one's own.
/// </summary>
/// <param name="space">The space's name in the home.</param>
/// <param name="id">The space's id, hex.</param>
/// <param name="device">The device's key, hex.</param>
internal sealed class BackupName(string space, string id, string device)
{
    private const string Suffix = ".backup";
    private const string PartialSuffix = Suffix + ".partial";
    private const string Format = "yyyyMMdd'T'HHmmss'Z'";
    private const int Digits = 12;

    private readonly string _prefix = $"{space}-{id[..Digits]}-{device[..Digits]}-";

    /// <summary>The name of a file begun at a moment.</summary>
    public string At(DateTimeOffset moment) => _prefix + moment.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture) + Suffix;

    /// <summary>
    /// The complete files in a folder, newest first, each with the moment it was begun; none if there is no folder. Those from the
    /// future, which a clock made that went wrong, come last: they must not push out what is saved now.
    /// </summary>
    public IReadOnlyList<(string Path, DateTimeOffset At)> Find(string folder, DateTimeOffset now) =>
        [.. Named(folder, Suffix).OrderBy(file => file.At > now).ThenByDescending(static file => file.At)];

    /// <summary>What a rotation that was killed left half done.</summary>
    public IReadOnlyList<string> FindPartial(string folder) => [.. Named(folder, PartialSuffix).Select(static file => file.Path)];

    private IEnumerable<(string Path, DateTimeOffset At)> Named(string folder, string suffix)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith(_prefix, StringComparison.Ordinal) && name.EndsWith(suffix, StringComparison.Ordinal)
                && DateTimeOffset.TryParseExact(
                    name.AsSpan(_prefix.Length, Math.Max(0, name.Length - _prefix.Length - suffix.Length)), Format, CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal, out var at))
            {
                yield return (path, at);
            }
        }
    }
}
