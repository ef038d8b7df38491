<%-- A page as most are: text, a value, an included part, more than its buffer holds. --%>
<%@ page contentType="text/plain;charset=UTF-8" session="false" trimDirectiveWhitespaces="true" %>
begin <%= request.getDispatcherType() %>
<jsp:include page="part.jsp" />
<% for (int i = 0; i < 3000; i++) { %>
line <%= i %> äöü
<% } %>
end
