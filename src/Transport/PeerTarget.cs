using System.Diagnostics.CodeAnalysis;

namespace Replica.Transport;

/// <summary>An address to dial, and who must answer there.</summary>
/// <param name="Address">The address.</param>
/// <param name="Device">
/// The only device that is talked to there: whoever else answers is left before it learned anything, this device's key included.
/// Null takes whoever answers; spaces are opened with members alone in either case.
/// </param>
/// <remarks>As text: the address, with 64 hex digits and <c>@</c> before the host if a device is named, as in <c>tcp://0a…@192.0.2.1:7000</c>.</remarks>
public sealed record PeerTarget(PeerAddress Address, DeviceKey? Device = null)
{
    private const string HostBegins = "://";
    private const char KeyEnds = '@';
    private const int KeyDigits = DeviceKey.SizeBytes * 2;

    /// <summary>The address alone.</summary>
    public static implicit operator PeerTarget(PeerAddress address) => new(address);

    /// <summary>Reads a target from its text.</summary>
    /// <param name="text">What a user typed.</param>
    /// <param name="target">The target, if it is one.</param>
    /// <param name="error">Otherwise what is wrong with it and what would be right; safe to show.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PeerTarget? target, [NotNullWhen(false)] out string? error)
    {
        target = null;
        var device = default(DeviceKey?);
        if (text is not null && text.IndexOf(HostBegins, StringComparison.Ordinal) is >= 0 and var scheme)
        {
            var host = scheme + HostBegins.Length;
            var end = text.AsSpan(host).IndexOfAny(KeyEnds, '/');
            if (end >= 0 && text[host + end] == KeyEnds)
            {
                if (end != KeyDigits || !DeviceKey.TryParse(text.Substring(host, end), out var key))
                {
                    error = $"Before the {KeyEnds} of an address stands the {KeyDigits} hex digits of a device key, as 'replica members' shows them.";
                    return false;
                }

                device = key;
                text = text.Remove(host, end + 1);
            }
        }

        if (!PeerAddress.TryParse(text, out var address, out error))
        {
            return false;
        }

        target = new(address, device);
        return true;
    }

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    public override string ToString()
    {
        var text = Address.ToString();
        return Device is { } device && text.IndexOf(HostBegins, StringComparison.Ordinal) is >= 0 and var scheme
            ? text.Insert(scheme + HostBegins.Length, $"{device}{KeyEnds}")
            : text;
    }
}
