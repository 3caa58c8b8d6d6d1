using System.Security.Cryptography;
using System.Text;

namespace Replica.Web.Control;

/// <summary>The token that a request over TCP must show.</summary>
/// <param name="due">What it is.</param>
internal sealed class ApiToken(string due)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _due = Encoding.ASCII.GetBytes(due);

    /// <summary>Whether a header shows it. How long this takes does not depend on what is shown, but for its length.</summary>
    public bool IsShownBy(string authorization) =>
        authorization.Length == Scheme.Length + _due.Length
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization[Scheme.Length..]), _due);
}
