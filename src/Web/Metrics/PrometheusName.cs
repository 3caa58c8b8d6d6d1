using System.Diagnostics.Metrics;
using System.Text;

namespace Replica.Web.Metrics;

/// <summary>The names of Prometheus: letters, digits and underscores, with the unit, and with <c>_total</c> for a counter.</summary>
internal static class PrometheusName
{
    /// <summary>The name of an instrument's series.</summary>
    public static string Of(Instrument instrument, SeriesKind kind)
    {
        var name = Plain(instrument.Name);
        var isTotal = name.EndsWith("_total", StringComparison.Ordinal);
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "%" => "_percent",
            // A unit in braces is a remark.
            _ => "",
        };
        name += name.EndsWith(unit, StringComparison.Ordinal) ? "" : unit;
        return kind == SeriesKind.Counter && !isTotal ? name + "_total" : name;
    }

    /// <summary>A name or label with nothing in it that Prometheus does not take.</summary>
    public static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            _ = plain.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        return plain.ToString();
    }
}
