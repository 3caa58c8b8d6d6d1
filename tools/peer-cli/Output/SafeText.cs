using System.Globalization;
using System.Text;

namespace Replica.PeerCli.Output;

/// <summary>
/// Texts that others wrote, made harmless for a terminal: what could move the cursor, change colours or turn the line around
/// shows as an escape.
/// </summary>
internal static class SafeText
{
    /// <summary>The text with control, format and separator characters as <c>\u{…}</c>, newlines and tabs as <c>\n</c> and <c>\t</c>.</summary>
    public static string Of(string text)
    {
        if (!NeedsEscape(text))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\n' => safe.Append("\\n"),
                '\t' => safe.Append("\\t"),
                '\r' => safe.Append("\\r"),
                _ when IsHarmless(rune) => safe.Append(rune),
                _ => safe.Append("\\u{").Append(rune.Value.ToString("x")).Append('}'),
            };
        }

        return safe.ToString();
    }

    /// <summary>JSON with the same characters in JSON's own escapes; it reads back the same.</summary>
    public static string OfJson(string json)
    {
        if (!NeedsEscape(json))
        {
            return json;
        }

        var safe = new StringBuilder(json.Length + 16);
        Span<char> units = stackalloc char[2];
        foreach (var rune in json.EnumerateRunes())
        {
            if (IsHarmless(rune))
            {
                _ = safe.Append(rune);
                continue;
            }

            foreach (var unit in units[..rune.EncodeToUtf16(units)])
            {
                _ = safe.Append("\\u").Append(((int)unit).ToString("x4"));
            }
        }

        return safe.ToString();
    }

    private static bool NeedsEscape(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsHarmless(rune))
            {
                return true;
            }
        }

        return false;
    }

    // Format characters hold the bidirectional overrides and the joiners; emoji survive without their joiners.
    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate);
}
