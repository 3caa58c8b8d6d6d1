using System.Globalization;
using Replica.Crdt.Values;

namespace Replica.PeerCli.Input;

/// <summary>What an unquoted cell of a CSV file means: a number or truth value if it is one in JSON, else text.</summary>
internal static class CellValue
{
    /// <summary>Reads the cell. A number that would lose digits as an integer stays text.</summary>
    public static Value Read(string text)
    {
        if (text is "true" or "false")
        {
            return Value.From(text == "true");
        }

        if (!IsJsonNumber(text))
        {
            return Value.From(text);
        }

        if (text.AsSpan().ContainsAny(".eE"))
        {
            var number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            return double.IsFinite(number) ? Value.From(number) : Value.From(text);
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            ? Value.From(integer)
            : Value.From(text);
    }

    /// <summary>Whether the text is a number as JSON writes it: no plus, no leading zero, no blank.</summary>
    public static bool IsJsonNumber(ReadOnlySpan<char> text)
    {
        var rest = text.StartsWith("-") ? text[1..] : text;
        var whole = Digits(rest);
        if (whole == 0 || (whole > 1 && rest[0] == '0'))
        {
            return false;
        }

        rest = rest[whole..];
        if (rest.StartsWith("."))
        {
            var fraction = Digits(rest[1..]);
            if (fraction == 0)
            {
                return false;
            }

            rest = rest[(1 + fraction)..];
        }

        if (rest.StartsWith("e", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest[1..];
            rest = rest.StartsWith("+") || rest.StartsWith("-") ? rest[1..] : rest;
            var exponent = Digits(rest);
            return exponent > 0 && exponent == rest.Length;
        }

        return rest.IsEmpty;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
