using System.Text;

namespace Replica.PeerCli.Output.Qr;

/// <summary>A QR code as lines of text, two rows of modules in each.</summary>
internal static class QrText
{
    private const int QuietZone = 4;

    /// <summary>The columns that a code takes.</summary>
    public static int Width(QrCode code) => code.Size + (2 * QuietZone);

    /// <summary>The lines.</summary>
    /// <param name="code">The code.</param>
    /// <param name="isScreen">Whether to set black on white, which a screen of any colours then shows right.</param>
    public static IEnumerable<string> Lines(QrCode code, bool isScreen)
    {
        for (var y = -QuietZone; y < code.Size + QuietZone; y += 2)
        {
            var line = new StringBuilder();
            for (var x = -QuietZone; x < code.Size + QuietZone; x++)
            {
                _ = line.Append((code.IsDark(x, y), code.IsDark(x, y + 1)) switch
                {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    _ => ' ',
                });
            }

            yield return isScreen ? $"\e[30;107m{line}\e[0m" : line.ToString();
        }
    }
}
