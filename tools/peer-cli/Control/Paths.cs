using System.Text;

namespace Replica.PeerCli.Control;

/// <summary>Paths of the control API, their parts escaped.</summary>
internal static class Paths
{
    /// <summary>The path of something in a space; parameters without a value are left out.</summary>
    public static string Of(string space, string what, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var path = new StringBuilder("/v1/spaces/").Append(Uri.EscapeDataString(space)).Append('/').Append(what);
        var sign = '?';
        foreach (var (name, value) in query)
        {
            if (value is not null)
            {
                _ = path.Append(sign).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                sign = '&';
            }
        }

        return path.ToString();
    }
}
