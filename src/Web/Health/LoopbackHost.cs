using System.Net;
using Microsoft.AspNetCore.Http;

namespace Replica.Web.Health;

/// <summary>Whether a request over loopback names this machine by a name that no other site's page can have.</summary>
/// <remarks>A page whose own name was made to lead to 127.0.0.1 still sends that name as <c>Host</c>: rebinding ends here.</remarks>
internal static class LoopbackHost
{
    /// <summary>Whether <c>Host</c> is an address of loopback or <c>localhost</c>, with the port that was connected to.</summary>
    public static bool IsNamed(HttpContext context)
    {
        var host = context.Request.Host;
        return host.HasValue && host.Port == context.Connection.LocalPort
            && (host.Host == "localhost" || (IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address)));
    }

    /// <summary>Whether a browser sent it from another page: that is never wanted.</summary>
    public static bool IsFromPage(HttpContext context) =>
        context.Request.Headers.ContainsKey("Origin")
        || (context.Request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site != "none" && site != "same-origin");
}
