using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace JeanTrail.Kernel.Secrets;

/// <summary>Keeps the keys of ASP.NET Data Protection in memory. What has to outlast the process is sealed by <see cref="ISecretProtector"/>.</summary>
internal sealed class ForgetfulKeyRepository : IXmlRepository
{
    readonly ConcurrentQueue<XElement> elements = new();

    public IReadOnlyCollection<XElement> GetAllElements() => elements;

    public void StoreElement(XElement element, string friendlyName) => elements.Enqueue(element);
}
